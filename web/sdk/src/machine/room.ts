import type { CallErrorReason } from '../errors.ts';
import { isCommitted } from '../negotiation.ts';
import { restart, restartUnlessFresh, wantRestart } from './link.ts';
import { receive, receiveHeld } from './listen.ts';
import {
  announce,
  expectPeer,
  fail,
  fitStage,
  leave,
  negotiateOn,
  peerGone,
  startSession,
} from './session.ts';
import { stageOf } from './stage.ts';
import { clearTimer, sayMedia, set, setTimer, type Turn } from './turn.ts';
import type { Event, Machine, Participant, Seat } from './types.ts';

// The room: what the server tells, and what follows.

/** The server may take this long to let us in before the person is told that it does not answer. */
const joinWithinMs = 15_000;

export type ServerEvent = Exclude<
  Event,
  | { session: string }
  | {
      type:
        | 'arrive'
        | 'join'
        | 'retry'
        | 'hang-up'
        | 'close'
        | 'local-media'
        | 'network-changed'
        | 'page-resumed'
        | 'timer';
    }
>;

export function handleServer(turn: Turn, event: ServerEvent): void {
  const { machine } = turn;
  const { phase } = machine;
  if (machine.signaling === 'closed') return;
  switch (event.type) {
    case 'signaling-opened':
      set(turn, { signaling: 'joining' });
      return askForSeat(turn);
    case 'signaling-lost':
      return set(turn, { signaling: 'opening' });
    case 'joined':
      return joined(turn, event.seat, event.peer, event.pending);
    case 'refused':
      return refused(turn, event.code, event.retryAfterMs);
    case 'peer-joined':
    case 'peer-back':
      return peerCame(turn, event.peer);
    case 'peer-away':
      if (machine.present) set(turn, { present: { ...machine.present, away: true } });
      return;
    case 'peer-left':
      return peerLeft(turn, event.reason);
    case 'unseated':
      return phase.kind === 'lobby' ? leave(turn, phase) : fail(turn, event.reason);
    case 'ice-servers':
      useIceServers(turn, event.iceServers);
      // A relay does not refresh what was allocated with credentials that have expired.
      if (machine.session?.path === 'relayed' && !machine.session.warm) wantRestart(turn);
      return;
    case 'message':
      return receive(turn, event.data);
    default:
      event satisfies never;
  }
}

/** The link was opened: a seat in the lobby, and a connection through the relay with whoever else is there. */
export function arrive(turn: Turn): void {
  set(turn, { signaling: 'opening' });
  turn.effects.push({ type: 'open-signaling' });
}

export function enter(turn: Turn): void {
  const { signaling } = turn.machine;
  set(turn, { firm: true, cooled: false, waitingReason: 'nobody-yet', failures: 0 });
  if (signaling === 'joined' || turn.machine.session?.link.kind === 'connected') return goIn(turn);
  set(turn, { phase: { kind: 'joining' } });
  setTimer(turn, 'join', joinWithinMs);
  if (signaling === 'closed') arrive(turn);
  else if (signaling === 'joining') askForSeat(turn);
}

/** The seat from the lobby is ours already, or the other one knows us: the server's word need not be waited for. */
function goIn(turn: Turn): void {
  set(turn, { phase: { kind: 'in-room' } });
  if (turn.machine.signaling === 'joined') askForSeat(turn);
  if (turn.machine.session) {
    receiveHeld(turn);
    fitStage(turn);
    if (turn.machine.session.warm) sayMedia(turn);
    return;
  }
  startSession(turn, 'unknown');
  receiveHeld(turn);
  announce(turn);
  if (turn.machine.present) expectPeer(turn);
}

export function askForSeat(turn: Turn): void {
  const lobby = !turn.machine.firm;
  turn.effects.push({ type: 'join-room', resume: resumeOf(turn.machine), lobby });
}

function joined(turn: Turn, seat: Seat, peer: Participant | null, pending: readonly unknown[]): void {
  const before = turn.machine;
  clearTimer(turn, 'join');
  set(turn, { signaling: 'joined', seat, present: peer });
  // For good now, on the same connection: everything has been said and heard.
  if (before.signaling === 'joined' && before.session) {
    for (const data of pending) receive(turn, data);
    return peer && peer.id !== before.present?.id ? peerCame(turn, peer) : fitStage(turn);
  }

  const { phase } = before;
  const awaited =
    phase.kind === 'joining' || (phase.kind === 'error' && phase.error.reason === 'server-unreachable');
  if (awaited) set(turn, { phase: { kind: 'in-room' } });
  if (awaited || !before.session) {
    startSession(turn, 'unknown');
  } else {
    useIceServers(turn, seat.iceServers);
    const { link, negotiation, warm } = before.session;
    const unmet = link.kind === 'new' && (!isCommitted(negotiation) || !peer);
    if ((warm && !peer) || (unmet && (isCommitted(negotiation) || negotiation.polite !== seat.polite)))
      startSession(turn, 'unknown');
    else if (before.session.owesRestart) restart(turn);
    // Now that the server is there, so are our addresses.
    else if (link.kind === 'lost') restartUnlessFresh(turn, before.session);
  }
  if (before.firm) receiveHeld(turn);
  for (const data of pending) receive(turn, data);
  fitStage(turn);
  announce(turn);
  if (peer) expectPeer(turn);
}

function refused(turn: Turn, code: string, retryAfterMs: number | null): void {
  const { phase, seat, session } = turn.machine;
  // The token may have been signed by a server that has since restarted: ask for a seat like anybody else.
  if (seat?.resume && (code === 'TICKET_EXPIRED' || code === 'UNAUTHORIZED')) {
    set(turn, { seat: { ...seat, resume: null } });
    return askForSeat(turn);
  }
  // Joining tells whether there is a seat after all.
  if (phase.kind === 'lobby') return leave(turn, phase);
  // A running call does not need the server. It asks again in a while.
  if (phase.kind === 'in-room' && session && session.link.kind !== 'new' && code !== 'REPLACED') {
    return setTimer(turn, 'join', retryAfterMs ?? joinWithinMs);
  }
  fail(turn, reasonOf(code), retryAfterMs);
}

function reasonOf(code: string): CallErrorReason {
  switch (code) {
    case 'ROOM_FULL':
      return 'room-full';
    case 'RATE_LIMITED':
      return 'rate-limited';
    case 'REPLACED':
      return 'replaced';
    case 'BAD_REQUEST':
    case 'TOO_LARGE':
      return 'bad-room';
    case 'FORBIDDEN':
    case 'UNAUTHORIZED':
    case 'TICKET_EXPIRED':
      return 'forbidden';
    default:
      return 'server-error';
  }
}

function peerCame(turn: Turn, peer: Participant): void {
  const { session, present } = turn.machine;
  // Who comes back is told without the name.
  const name = peer.name ?? (present?.id === peer.id ? present.name : null);
  set(turn, { present: { ...peer, name } });
  fitStage(turn);
  if (stageOf(turn.machine) === 'open') receiveHeld(turn);
  if (!session || session.id !== turn.machine.session?.id) return;
  if (session.peer === 'textbook' && session.link.kind !== 'connected') {
    startSession(turn, 'unknown');
    announce(turn);
  } else if (session.link.kind === 'lost') {
    negotiateOn(turn, { type: 'repeat' });
  }
  expectPeer(turn);
}

function peerLeft(turn: Turn, reason: string): void {
  const { session, phase } = turn.machine;
  if (phase.kind === 'lobby' || session?.warm) return peerGone(turn, 'peer-left');
  set(turn, { present: null });
  if (phase.kind !== 'in-room' || !session) return;
  if (reason === 'left') return peerGone(turn, 'peer-left');
  // Lost to the server only: as long as media flows the call goes on.
  if (session.link.kind !== 'connected') peerGone(turn, 'peer-lost');
}

function useIceServers(turn: Turn, iceServers: readonly RTCIceServer[]): void {
  const { seat } = turn.machine;
  if (!seat) return;
  set(turn, { seat: { ...seat, iceServers } });
  turn.effects.push({ type: 'configure-peer', iceServers });
}

function resumeOf({ seat, options }: Machine): string | null {
  return seat ? seat.resume : (options.resume ?? null);
}
