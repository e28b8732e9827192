import type { CallErrorReason } from '../errors.ts';
import { isCommitted } from '../negotiation.ts';
import { restart, restartUnlessFresh, wantRestart } from './link.ts';
import { receive } from './listen.ts';
import { announce, expectPeer, fail, negotiateOn, peerGone, startSession } from './session.ts';
import { clearTimer, set, setTimer, type Turn } from './turn.ts';
import type { Event, Machine, Participant, Seat } from './types.ts';

// The room: what the server tells, and what follows.

/** The server may take this long to let us in before the person is told that it does not answer. */
const joinWithinMs = 15_000;

export type ServerEvent = Exclude<
  Event,
  | { session: string }
  | {
      type:
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
  if (machine.signaling === 'closed') return;
  switch (event.type) {
    case 'signaling-opened':
      set(turn, { signaling: 'joining' });
      turn.effects.push({ type: 'join-room', resume: resumeOf(machine) });
      return;
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
      return fail(turn, event.reason);
    case 'ice-servers':
      useIceServers(turn, event.iceServers);
      // A relay does not refresh what was allocated with credentials that have expired.
      if (machine.session?.relayed) wantRestart(turn);
      return;
    case 'message':
      return receive(turn, event.data);
    default:
      return event satisfies never;
  }
}

export function enter(turn: Turn): void {
  set(turn, { phase: { kind: 'joining' }, signaling: 'opening', waitingReason: 'nobody-yet', failures: 0 });
  turn.effects.push({ type: 'open-signaling' });
  setTimer(turn, 'join', joinWithinMs);
}

function joined(turn: Turn, seat: Seat, peer: Participant | null, pending: readonly unknown[]): void {
  const before = turn.machine;
  clearTimer(turn, 'join');
  set(turn, { signaling: 'joined', seat, present: peer });

  if (before.phase.kind === 'joining' || !before.session) {
    set(turn, { phase: { kind: 'in-room' } });
    startSession(turn, 'unknown');
  } else {
    useIceServers(turn, seat.iceServers);
    const { link, negotiation } = before.session;
    const unmet = link.kind === 'new' && (!isCommitted(negotiation) || !peer);
    if (unmet && (isCommitted(negotiation) || negotiation.polite !== seat.polite))
      startSession(turn, 'unknown');
    else if (before.session.owesRestart) restart(turn);
    // Now that the server is there, so are our addresses.
    else if (link.kind === 'lost') restartUnlessFresh(turn, before.session);
  }
  for (const data of pending) receive(turn, data);
  announce(turn);
  if (peer) expectPeer(turn);
}

function refused(turn: Turn, code: string, retryAfterMs: number | null): void {
  const { phase, seat, session } = turn.machine;
  // The token may have been signed by a server that has since restarted: ask for a seat like anybody else.
  if (seat?.resume && (code === 'TICKET_EXPIRED' || code === 'UNAUTHORIZED')) {
    set(turn, { seat: { ...seat, resume: null } });
    turn.effects.push({ type: 'join-room', resume: null });
    return;
  }
  // A running call does not need the server. It asks again in a while.
  if (phase.kind === 'in-room' && session && session.link.kind !== 'new' && code !== 'REPLACED') {
    setTimer(turn, 'join', retryAfterMs ?? joinWithinMs);
    return;
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
  if (!session) return;
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

export function resumeOf({ seat, options }: Machine): string | null {
  return seat ? seat.resume : (options.resume ?? null);
}
