import {
  handlePeer,
  networkChanged,
  networkSettled,
  renewSignaling,
  restart,
  wantRestart,
} from './machine/link.ts';
import { arrive, askForSeat, enter, handleServer } from './machine/room.ts';
import {
  fail,
  failed,
  leave,
  negotiateOn,
  peerGone,
  repeatMs,
  startAgain,
  startSession,
} from './machine/session.ts';
import { stageOf } from './machine/stage.ts';
import { say, sayMedia, sayOnControl, set, setSession, setTimer, type Turn } from './machine/turn.ts';
import {
  type Effect,
  type Event,
  type Machine,
  type MachineOptions,
  noMedia,
  type Timer,
} from './machine/types.ts';
import { isCommitted } from './negotiation.ts';
import type { CallState } from './state.ts';

export * from './machine/types.ts';

// The machine as a whole: what the person does and what time brings. Its parts are in the folder `machine`: types, stage, turn, session,
// listen, link, room; each one uses only those before it.

/** Lost to us and unknown to the server for this long: gone. Time for both to come back after a restart of the server. */
const goneAfterMs = 10_000;

export function newMachine(options: MachineOptions): Machine {
  return {
    options,
    phase: { kind: 'lobby' },
    firm: false,
    signaling: 'closed',
    seat: null,
    present: null,
    waitingReason: 'nobody-yet',
    session: null,
    sessions: 0,
    retired: [],
    local: noMedia,
    connectedSince: null,
    failures: 0,
    cooled: false,
    held: [],
  };
}

/** What the person sees of it. */
export function viewOf(machine: Machine): CallState {
  const { phase, session, present, waitingReason, connectedSince } = machine;
  if (phase.kind !== 'in-room') return phase;
  if (stageOf(machine) !== 'open') return { kind: 'waiting', reason: waitingReason };
  if (session?.link.kind === 'connected') return { kind: 'connected', since: connectedSince ?? 0 };
  if (session?.link.kind === 'lost') return { kind: 'reconnecting', since: session.link.since };
  if (!present && !(session && isCommitted(session.negotiation)))
    return { kind: 'waiting', reason: waitingReason };
  return typeof session?.lostSince === 'number'
    ? { kind: 'reconnecting', since: session.lostSince }
    : { kind: 'connecting' };
}

export function step(machine: Machine, event: Event, now: number): readonly [Machine, readonly Effect[]] {
  const turn: Turn = { machine, effects: [], now };
  handle(turn, event);
  return [turn.machine, turn.effects];
}

function handle(turn: Turn, event: Event): void {
  const { phase, session, signaling } = turn.machine;
  if ('session' in event) {
    if (session?.id === event.session) handlePeer(turn, session, event);
    return;
  }
  switch (event.type) {
    case 'arrive':
      if (phase.kind === 'lobby' && signaling === 'closed') arrive(turn);
      return;
    case 'join':
      if (phase.kind === 'lobby') enter(turn);
      return;
    case 'retry':
      return retry(turn);
    case 'hang-up':
      if (phase.kind === 'in-room' || phase.kind === 'joining') {
        say(turn, { type: 'bye' });
        leave(turn, { kind: 'ended', reason: 'hung-up' });
      }
      return;
    case 'close':
      if (session?.control) sayOnControl(turn, { type: 'closing' });
      return leave(turn, { kind: 'ended', reason: 'hung-up' });
    case 'local-media':
      set(turn, { local: event.media });
      return sayMedia(turn);
    case 'network-changed':
      return networkChanged(turn);
    case 'page-resumed':
      return renewSignaling(turn, true);
    case 'timer':
      return timerFired(turn, event.timer);
    default:
      return handleServer(turn, event);
  }
}

function retry(turn: Turn): void {
  const { phase, signaling, session } = turn.machine;
  if (phase.kind === 'in-room') {
    if (session?.link.kind === 'lost') restart(turn, true);
  } else if (phase.kind === 'error' && signaling === 'joined') {
    startAgain(turn);
    set(turn, { phase: { kind: 'in-room' }, failures: 0 });
  } else if (phase.kind === 'error' || phase.kind === 'ended') {
    enter(turn);
  }
}

function timerFired(turn: Turn, timer: Timer): void {
  const { phase, session, signaling, present } = turn.machine;
  if (timer === 'join') {
    if (phase.kind === 'joining') fail(turn, 'server-unreachable');
    else if (signaling === 'joining') askForSeat(turn);
    return;
  }
  if (!session || (phase.kind !== 'in-room' && !session.warm)) return;
  switch (timer) {
    case 'introduce':
      // Nobody is heard without the server: whoever is there again has its time again.
      if (session.peer !== 'unknown' || session.lostSince !== null || !present || signaling !== 'joined')
        return;
      startSession(turn, 'textbook');
      return negotiateOn(turn, { type: 'want', wanted: 'offer' });
    case 'repeat':
      // A textbook client takes every offer for a new one, so it gets each only once.
      if (session.peer === 'textbook') return;
      negotiateOn(turn, { type: 'repeat' }, true);
      return setTimer(turn, 'repeat', repeatMs);
    case 'recover':
      if (session.link.kind === 'lost' && !present && signaling === 'joined') {
        if (turn.now - session.link.since >= goneAfterMs) return peerGone(turn, 'peer-lost');
      }
      return session.link.kind === 'connected' ? wantRestart(turn) : restart(turn);
    case 'settle':
      return networkSettled(turn, session);
    case 'cool':
      set(turn, { cooled: true });
      return startAgain(turn);
    case 'connect':
      if (session.warm) return failed(turn);
      return fail(turn, 'connection-failed');
    case 'give-up':
      // Alone, and nothing is tried.
      if (!present && session.link.kind === 'new') return setSession(turn, { lostSince: null });
      return fail(turn, 'connection-failed');
    default:
      timer satisfies never;
  }
}
