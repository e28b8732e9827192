import { CallError, type CallErrorReason } from './errors.ts';
import {
  isCommitted,
  type Negotiation,
  type NegotiationEvent,
  negotiate,
  newNegotiation,
} from './negotiation.ts';
import type { CallState, ConnectionPath, EndReason, WaitingReason } from './state.ts';
import { type Dialect, type IceCandidate, type Message, type Received, read, write } from './wire.ts';

/**
 * The whole call as a pure state machine: `(state, event, now) => [state, effects]`. It touches nothing; `call.ts` carries
 * the effects out and brings what comes of them back as events.
 *
 * A *session* is one RTCPeerConnection of ours and the one of theirs it belongs to. When the other side shows up with a new
 * one (their page was reloaded), ours starts anew as well.
 */
export interface Machine {
  readonly options: MachineOptions;
  readonly phase: Phase;
  readonly signaling: 'closed' | 'opening' | 'joining' | 'joined';
  readonly seat: Seat | null;
  /** Who sits on the other seat, as far as the server said. */
  readonly present: Participant | null;
  readonly waitingReason: WaitingReason;
  readonly session: Session | null;
  /** How many sessions this call has had; names the next one. */
  readonly sessions: number;
  /** Their peer connections of the past: what still comes from them is stale. */
  readonly retired: readonly string[];
  readonly local: MediaFlags;
  readonly connectedSince: number | null;
  /** Operations on peer connections that failed since the last connection. */
  readonly failures: number;
}

export interface MachineOptions {
  /** Random; tells this page from every other one. */
  readonly instance: string;
  /** Token of the seat this tab had before a reload. */
  readonly resume?: string | null;
  /** How long the first connection may take once both sides talk, in milliseconds. */
  readonly connectWithinMs: number;
  /** How long a lost connection is fought for, in milliseconds. */
  readonly giveUpAfterMs: number;
}

export type Phase =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'joining' }
  | { readonly kind: 'in-room' }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  | { readonly kind: 'error'; readonly error: CallError };

export interface Session {
  readonly id: string;
  /** Theirs; null until somebody of our kind has spoken. */
  readonly remote: string | null;
  readonly peer: PeerKind;
  readonly negotiation: Negotiation;
  readonly link: Link;
  readonly control: boolean;
  /** Media goes through a relay. */
  readonly relayed: boolean;
  /** When an ICE restart last began, on either side. */
  readonly restartedAt: number;
  /** A restart is due that the other side could not be told of. */
  readonly owesRestart: boolean;
  /** The heartbeat has stopped: whatever else is said, nothing gets through. */
  readonly stalled: boolean;
  readonly remoteMedia: MediaFlags | null;
}

export type PeerKind = 'unknown' | 'parley' | 'textbook';

export type Link =
  | { readonly kind: 'new' | 'connected' }
  | { readonly kind: 'lost'; readonly since: number; readonly attempts: number };

export interface Seat {
  readonly polite: boolean;
  readonly resume: string | null;
  readonly iceServers: readonly RTCIceServer[];
}

export interface Participant {
  readonly id: string;
  readonly name: string | null;
  readonly away: boolean;
}

export interface MediaFlags {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly recording: boolean;
}

export const noMedia: MediaFlags = { audio: false, video: false, screen: false, recording: false };

export type Timer = 'join' | 'introduce' | 'repeat' | 'connect' | 'recover' | 'settle' | 'give-up';

export type ConnectionState = 'connected' | 'disconnected' | 'failed';

export type Event =
  // The person
  | { readonly type: 'join' | 'hang-up' | 'retry' | 'close' }
  | { readonly type: 'local-media'; readonly media: MediaFlags }
  /** The browser's addresses may be others, or its connections dead; or the page was away for a while. */
  | { readonly type: 'network-changed' | 'page-resumed' }
  // The server
  | { readonly type: 'signaling-opened' | 'signaling-lost' }
  | {
      readonly type: 'joined';
      readonly seat: Seat;
      readonly peer: Participant | null;
      readonly pending: readonly unknown[];
    }
  | { readonly type: 'refused'; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly type: 'peer-joined' | 'peer-back'; readonly peer: Participant }
  | { readonly type: 'peer-away' }
  | { readonly type: 'peer-left'; readonly reason: string }
  | { readonly type: 'unseated'; readonly reason: 'replaced' | 'displaced' }
  | { readonly type: 'ice-servers'; readonly iceServers: readonly RTCIceServer[] }
  | { readonly type: 'message'; readonly data: unknown }
  // The peer connection
  | ({ readonly session: string } & PeerEvent)
  | { readonly type: 'timer'; readonly timer: Timer };

export type PeerEvent =
  | { readonly type: 'offer-made' | 'answer-made'; readonly sdp: string }
  | { readonly type: 'answer-accepted' }
  | { readonly type: 'operation-failed'; readonly detail: string }
  | { readonly type: 'local-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'connection'; readonly state: ConnectionState }
  /** Better and sooner informed than `connection`, where there is a heartbeat. */
  | { readonly type: 'heartbeat'; readonly verdict: 'alive' | 'stalled' | 'woke' }
  | { readonly type: 'path'; readonly path: ConnectionPath | null }
  | { readonly type: 'control-opened' | 'control-closed' }
  | { readonly type: 'control-message'; readonly data: unknown };

/** Which m-lines an offer of ours has: our own kind gets all of them at once, so that nothing is ever added later. */
export type Layout = 'parley' | 'textbook';

export type Effect =
  | { readonly type: 'open-signaling' | 'leave-and-close-signaling' }
  /** Tries a new connection to the server beside the one there is, which may be dead without knowing. */
  | { readonly type: 'renew-signaling'; readonly atOnce: boolean }
  | { readonly type: 'join-room'; readonly resume: string | null }
  /** To be sent as soon as there is a seat to send it from. */
  | { readonly type: 'send-signaling'; readonly data: unknown }
  /** What has not been delivered by now is of no use any more. */
  | { readonly type: 'forget-signaling' }
  | { readonly type: 'send-control'; readonly data: unknown }
  | { readonly type: 'open-peer'; readonly session: string; readonly iceServers: readonly RTCIceServer[] }
  | { readonly type: 'configure-peer'; readonly iceServers: readonly RTCIceServer[] }
  /** What was sent last on the control channel still goes out; media stops at once. */
  | { readonly type: 'close-peer' }
  | { readonly type: 'make-offer'; readonly restart: boolean; readonly layout: Layout }
  | { readonly type: 'make-answer'; readonly sdp: string; readonly layout: Layout }
  | { readonly type: 'accept-answer'; readonly sdp: string }
  | { readonly type: 'add-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'clear-timer'; readonly timer: Timer };

/** The server may take this long to let us in before the person is told that it does not answer. */
const joinWithinMs = 15_000;
/** Our own kind introduces itself as it joins. Who stays silent this long is a textbook client and gets a plain offer. */
const introductionMs = 3_000;
const repeatMs = 2_000;
/** A first connection that takes this long starts over with fresh candidates: the network may have changed meanwhile. */
const stuckMs = 10_000;
/** After a loss: how long each ICE restart may take before the next. */
const recoverMs: readonly number[] = [2_500, 3_000, 4_000, 6_000, 8_000];
/** The next restart after one that found no address at all. */
const barrenMs = 500;
/** A restart that began within this is given its time before another one. */
const freshMs = 2_000;
/** The polite side leaves the restart to the other one for this long: two at the same time are slower than one. */
const politeMs = 1_000;
/** A change of network that has not been told again for this long is over. */
const settleMs = 200;
/** Lost to us and unknown to the server for this long: gone. Time for both to come back after a restart of the server. */
const goneAfterMs = 10_000;
const maxFailures = 3;
const maxRetired = 16;

export function newMachine(options: MachineOptions): Machine {
  return {
    options,
    phase: { kind: 'lobby' },
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
  };
}

/** What the person sees of it. */
export function viewOf({ phase, session, present, waitingReason, connectedSince }: Machine): CallState {
  if (phase.kind !== 'in-room') return phase;
  if (session?.link.kind === 'connected') return { kind: 'connected', since: connectedSince ?? 0 };
  if (session?.link.kind === 'lost') return { kind: 'reconnecting', since: session.link.since };
  return present || (session && isCommitted(session.negotiation))
    ? { kind: 'connecting' }
    : { kind: 'waiting', reason: waitingReason };
}

export function step(machine: Machine, event: Event, now: number): readonly [Machine, readonly Effect[]] {
  const turn: Turn = { machine, effects: [], now };
  handle(turn, event);
  return [turn.machine, turn.effects];
}

/** One step in the making: mutable, and never seen outside {@link step}. */
interface Turn {
  machine: Machine;
  readonly effects: Effect[];
  readonly now: number;
}

function handle(turn: Turn, event: Event): void {
  const { phase, session } = turn.machine;
  if ('session' in event) {
    if (session?.id === event.session) handlePeer(turn, session, event);
    return;
  }
  switch (event.type) {
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
      if (session?.control) sayOnControl(turn, { type: 'media', ...event.media });
      return;
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

// --- The server

type ServerEvent = Exclude<
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

function handleServer(turn: Turn, event: ServerEvent): void {
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

function enter(turn: Turn): void {
  set(turn, { phase: { kind: 'joining' }, signaling: 'opening', waitingReason: 'nobody-yet', failures: 0 });
  turn.effects.push({ type: 'open-signaling' });
  setTimer(turn, 'join', joinWithinMs);
}

function retry(turn: Turn): void {
  const { phase, signaling, session } = turn.machine;
  if (phase.kind === 'in-room') {
    if (session?.link.kind === 'lost') restart(turn);
  } else if (phase.kind === 'error' && signaling === 'joined') {
    set(turn, { phase: { kind: 'in-room' }, failures: 0 });
    startSession(turn, 'unknown');
    announce(turn);
  } else if (phase.kind === 'error' || phase.kind === 'ended') {
    enter(turn);
  }
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
    else if (link.kind === 'lost') giveTime(turn, before.session);
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
  const { session } = turn.machine;
  set(turn, { present: peer });
  if (!session) return;
  if (session.peer === 'textbook' && session.link.kind !== 'connected') {
    startSession(turn, 'unknown');
    announce(turn);
  } else if (session.link.kind === 'lost') {
    negotiateOn(turn, { type: 'repeat' });
  }
  expectPeer(turn);
}

/** Somebody is on the other seat: from now on our candidates may go out, and somebody should speak soon. */
function expectPeer(turn: Turn): void {
  const { session } = turn.machine;
  if (session?.peer !== 'unknown') return;
  for (const candidate of session.negotiation.gathered) say(turn, { type: 'candidate', candidate });
  if (session.negotiation.step.kind === 'offered') setTimer(turn, 'repeat', repeatMs);
  setTimer(turn, 'introduce', introductionMs);
}

function peerLeft(turn: Turn, reason: string): void {
  const { session, phase } = turn.machine;
  set(turn, { present: null });
  if (phase.kind !== 'in-room' || !session) return;
  if (reason === 'left') return peerGone(turn, 'peer-left');
  // Lost to the server only: as long as media flows the call goes on.
  if (session.link.kind !== 'connected') peerGone(turn, 'peer-lost');
}

/** Back to waiting, with a new session that nobody has seen. */
function peerGone(turn: Turn, waitingReason: WaitingReason): void {
  const { session, retired } = turn.machine;
  set(turn, { present: null });
  // They left before we heard of each other, or have been seen off already: the reason stays.
  if (!session || (session.peer === 'unknown' && !isCommitted(session.negotiation))) return announce(turn);
  set(turn, { waitingReason, retired: retire(retired, session.remote) });
  startSession(turn, 'unknown');
  announce(turn);
}

function useIceServers(turn: Turn, iceServers: readonly RTCIceServer[]): void {
  const { seat } = turn.machine;
  if (!seat) return;
  set(turn, { seat: { ...seat, iceServers } });
  turn.effects.push({ type: 'configure-peer', iceServers });
}

// --- The session

/** A new peer connection in place of the one there was. The impolite side's offer follows by itself; else see {@link announce}. */
function startSession(turn: Turn, peer: PeerKind): void {
  const { machine } = turn;
  const { seat } = machine;
  if (!seat) return;
  if (machine.session) turn.effects.push({ type: 'close-peer' });
  for (const timer of ['introduce', 'repeat', 'connect', 'recover', 'settle', 'give-up'] as const)
    clearTimer(turn, timer);

  const sessions = machine.sessions + 1;
  const id = `${machine.options.instance}.${sessions}`;
  // A textbook client cannot take its offer back, so we never do: its browser will.
  const negotiation = newNegotiation(peer === 'textbook' ? false : seat.polite);
  set(turn, {
    sessions,
    session: {
      id,
      remote: null,
      peer,
      negotiation,
      link: { kind: 'new' },
      control: false,
      stalled: false,
      relayed: false,
      restartedAt: Number.NEGATIVE_INFINITY,
      owesRestart: false,
      remoteMedia: null,
    },
  });
  turn.effects.push({ type: 'forget-signaling' });
  turn.effects.push({ type: 'open-peer', session: id, iceServers: seat.iceServers });

  if (peer === 'textbook') return;
  // Between two of our kind the first offer is always the impolite side's: it makes the m-lines, in one order.
  if (!negotiation.polite) negotiateOn(turn, { type: 'want', wanted: 'offer' });
}

/** Says that we are here, with our offer if it is ready, unless they have an answer already. The server keeps it for who comes later. */
function announce(turn: Turn): void {
  const { session } = turn.machine;
  if (!session || session.peer === 'textbook' || isCommitted(session.negotiation)) return;
  const { negotiation } = session;
  if (negotiation.step.kind === 'offered') say(turn, negotiation.step.offer);
  else if (negotiation.polite) say(turn, { type: 'hello', offer: null });
}

function negotiateOn(turn: Turn, event: NegotiationEvent): void {
  const before = turn.machine.session;
  if (!before) return;
  const [negotiation, effects] = negotiate(before.negotiation, event);
  setSession(turn, { negotiation });

  const layout: Layout = before.peer === 'textbook' ? 'textbook' : 'parley';
  for (const effect of effects) {
    if (effect.type === 'send') say(turn, effect.message);
    else if (effect.type === 'make-offer' || effect.type === 'make-answer')
      turn.effects.push({ ...effect, layout });
    else turn.effects.push(effect);
  }

  if (negotiation.step.kind !== 'offered') clearTimer(turn, 'repeat');
  else if (negotiation.offers !== before.negotiation.offers && turn.machine.present)
    setTimer(turn, 'repeat', repeatMs);
  const exchanged = negotiation.step.kind === 'stable' && before.negotiation.step.kind !== 'stable';
  if (exchanged && before.link.kind === 'lost') giveTime(turn, before);
  if (effects.some(({ type }) => type === 'make-answer')) setSession(turn, { restartedAt: turn.now });
  if (isCommitted(negotiation) && !isCommitted(before.negotiation)) {
    clearTimer(turn, 'introduce');
    setTimer(turn, 'connect', turn.machine.options.connectWithinMs);
    setTimer(turn, 'recover', stuckMs);
  }
}

// --- What the other browser says

function receive(turn: Turn, data: unknown): void {
  const { phase, session } = turn.machine;
  const listening =
    phase.kind === 'in-room' || (phase.kind === 'error' && phase.error.reason === 'connection-failed');
  const received = read(data);
  if (!listening || !session || !received) return;
  if (received.sender) receiveFromOurKind(turn, received.message, received.sender);
  else receiveFromTextbook(turn, received.message);
}

function receiveFromOurKind(
  turn: Turn,
  message: Message,
  { from, to }: NonNullable<Received['sender']>,
): void {
  const { machine } = turn;
  const { session } = machine;
  if (!session) return;
  if (machine.retired.includes(from) || (to !== null && to !== session.id)) {
    const speaksUp = message.type === 'offer' || message.type === 'answer';
    if (speaksUp && session.remote === null) introduceAgain(turn);
    return;
  }

  if (session.remote !== from) {
    if (message.type === 'bye' || message.type === 'closing' || message.type === 'media') return;
    meet(turn, from);
    // Meant for the session that has just been given up; the new one introduces itself.
    if (to !== null && to !== turn.machine.session?.id) return announce(turn);
  }

  switch (message.type) {
    case 'bye':
      return leave(turn, { kind: 'ended', reason: 'peer-hung-up' });
    case 'closing':
      return peerGone(turn, 'peer-left');
    case 'media': {
      const { audio, video, screen, recording } = message;
      return setSession(turn, { remoteMedia: { audio, video, screen, recording } });
    }
    case 'ready':
      return;
    case 'hello':
    case 'offer':
    case 'answer':
    case 'candidate':
      negotiateOn(turn, { type: 'received', message });
      // They may have come too late for our offer.
      if (message.type === 'hello') negotiateOn(turn, { type: 'repeat' });
      return;
    default:
      return message satisfies never;
  }
}

/** The other side talks to a session of ours that is gone: it has not heard of this one. */
function introduceAgain(turn: Turn): void {
  if (turn.machine.session?.peer === 'textbook') startSession(turn, 'unknown');
  announce(turn);
}

/** Somebody of our kind speaks from a peer connection that we have not met: from now on we belong to that one. */
function meet(turn: Turn, from: string): void {
  const { session, retired, phase } = turn.machine;
  if (!session) return;
  set(turn, { retired: retire(retired, session.remote) });
  if (phase.kind === 'error') set(turn, { phase: { kind: 'in-room' }, failures: 0 });

  const anew = isCommitted(session.negotiation) || session.peer === 'textbook' || phase.kind === 'error';
  if (anew) startSession(turn, 'unknown');
  const current = turn.machine.session ?? session;
  setSession(turn, {
    remote: from,
    peer: 'parley',
    negotiation: { ...current.negotiation, seen: 0, next: null, held: [] },
  });
  clearTimer(turn, 'introduce');
}

function receiveFromTextbook(turn: Turn, message: Message): void {
  const { session } = turn.machine;
  if (!session || (session.peer === 'parley' && session.link.kind === 'connected')) return;
  switch (message.type) {
    case 'ready':
      // Said once per page: after a first exchange it is a new page that says it.
      if (session.peer !== 'textbook' || isCommitted(session.negotiation)) startSession(turn, 'textbook');
      negotiateOn(turn, { type: 'want', wanted: 'offer' });
      return negotiateOn(turn, { type: 'repeat' });
    case 'offer':
      if (session.peer !== 'textbook') startSession(turn, 'textbook');
      return negotiateOn(turn, { type: 'received', message });
    case 'answer':
    case 'candidate':
      if (session.peer === 'textbook') negotiateOn(turn, { type: 'received', message });
      return;
    case 'bye':
      if (session.peer === 'textbook' && isCommitted(session.negotiation))
        leave(turn, { kind: 'ended', reason: 'peer-hung-up' });
      return;
    case 'hello':
    case 'closing':
    case 'media':
      return;
    default:
      return message satisfies never;
  }
}

// --- The peer connection

function handlePeer(turn: Turn, session: Session, event: { readonly session: string } & PeerEvent): void {
  switch (event.type) {
    case 'offer-made':
    case 'answer-made':
    case 'answer-accepted':
      return negotiateOn(turn, event);
    case 'local-candidate':
      negotiateOn(turn, event);
      if (event.candidate.candidate === '') gathered(turn);
      return;
    case 'operation-failed':
      return operationFailed(turn);
    case 'connection':
      return connectionChanged(turn, session, event.state);
    case 'path':
      return setSession(turn, { relayed: event.path === 'relayed' });
    case 'heartbeat':
      return heartbeatChanged(turn, session, event.verdict);
    case 'control-opened':
      setSession(turn, { control: true });
      return sayOnControl(turn, { type: 'media', ...turn.machine.local });
    case 'control-closed':
      // Channels close only with the whole peer connection at the other end.
      setSession(turn, { control: false });
      return connectionChanged(turn, session, 'disconnected');
    case 'control-message':
      return receive(turn, event.data);
    default:
      return event satisfies never;
  }
}

function operationFailed(turn: Turn): void {
  const failures = turn.machine.failures + 1;
  set(turn, { failures });
  if (failures > maxFailures) return fail(turn, 'connection-failed');
  startSession(turn, 'unknown');
  announce(turn);
  if (turn.machine.present) expectPeer(turn);
}

/** After a change of network a browser may know for a second or two only addresses that are gone: too early a restart finds nothing. */
function gathered(turn: Turn): void {
  const { session } = turn.machine;
  if (!session || turn.now - session.restartedAt > freshMs) return;
  if (!session.negotiation.gathered.some(({ candidate }) => / udp /i.test(candidate)))
    setTimer(turn, 'recover', barrenMs);
}

function connectionChanged(turn: Turn, session: Session, state: ConnectionState): void {
  switch (state) {
    case 'connected':
      if (!session.stalled) linkUp(turn);
      return;
    case 'disconnected':
    case 'failed':
      if (session.link.kind === 'connected') linkLost(turn, session);
      else if (session.link.kind === 'new' && state === 'failed') setTimer(turn, 'recover', 1_000);
      return;
    default:
      return state satisfies never;
  }
}

function heartbeatChanged(turn: Turn, session: Session, verdict: 'alive' | 'stalled' | 'woke'): void {
  switch (verdict) {
    case 'alive':
      setSession(turn, { stalled: false });
      return linkUp(turn);
    case 'stalled':
      setSession(turn, { stalled: true });
      if (session.link.kind === 'connected') linkLost(turn, session);
      return;
    case 'woke':
      return networkChanged(turn);
    default:
      return verdict satisfies never;
  }
}

function linkUp(turn: Turn): void {
  const { connectedSince, phase } = turn.machine;
  for (const timer of ['connect', 'recover', 'settle', 'give-up'] as const) clearTimer(turn, timer);
  set(turn, { connectedSince: connectedSince ?? turn.now, failures: 0 });
  // The path may heal after we have given up.
  if (phase.kind === 'error') set(turn, { phase: { kind: 'in-room' } });
  setSession(turn, { link: { kind: 'connected' } });
}

function linkLost(turn: Turn, session: Session): void {
  setSession(turn, { link: { kind: 'lost', since: turn.now, attempts: 0 } });
  setTimer(turn, 'give-up', turn.machine.options.giveUpAfterMs);
  // Every generation of candidates adds pairs, and pairs are checked one after the other: one restart is faster than two.
  if (turn.now - session.restartedAt < freshMs) giveTime(turn, session);
  else if (session.negotiation.polite) setTimer(turn, 'recover', politeMs);
  else restart(turn);
}

/** A new way to the server at once, and fresh candidates once the network has settled: one change is told several times over. */
function networkChanged(turn: Turn): void {
  renewSignaling(turn, true);
  if (turn.machine.session) setTimer(turn, 'settle', settleMs);
}

function networkSettled(turn: Turn, { link, negotiation }: Session): void {
  if (link.kind === 'lost') restart(turn);
  else if (link.kind === 'connected' || negotiation.step.kind === 'offered') wantRestart(turn);
}

function renewSignaling(turn: Turn, atOnce: boolean): void {
  if (turn.machine.signaling !== 'closed') turn.effects.push({ type: 'renew-signaling', atOnce });
}

/** Fights for a lost connection: an ICE restart now, and the next one when this one has not helped. */
function restart(turn: Turn): void {
  const { session } = turn.machine;
  if (!session) return;
  const { link } = session;
  giveTime(turn, session);
  if (link.kind === 'lost') setSession(turn, { link: { ...link, attempts: link.attempts + 1 } });
  wantRestart(turn);
}

/** A restart takes what it takes: from now on it has this long, before the next one. */
function giveTime(turn: Turn, { link, negotiation }: Session): void {
  const attempts = link.kind === 'lost' ? link.attempts : 0;
  const ms = recoverMs[Math.min(attempts, recoverMs.length - 1)] ?? 0;
  setTimer(turn, 'recover', negotiation.polite ? ms + politeMs : ms);
}

function wantRestart(turn: Turn): void {
  const { session, signaling } = turn.machine;
  // Without a way to tell the other side it would only spoil what may heal by itself.
  const possible = signaling === 'joined' || (session?.control ?? false);
  setSession(turn, { owesRestart: !possible });
  if (!possible) return;
  setSession(turn, { restartedAt: turn.now });
  negotiateOn(turn, { type: 'want', wanted: 'restart' });
}

// --- Time

function timerFired(turn: Turn, timer: Timer): void {
  const { phase, session, signaling, present } = turn.machine;
  if (timer === 'join') {
    if (phase.kind === 'joining') fail(turn, 'server-unreachable');
    else if (signaling === 'joining')
      turn.effects.push({ type: 'join-room', resume: resumeOf(turn.machine) });
    return;
  }
  if (phase.kind !== 'in-room' || !session) return;
  switch (timer) {
    case 'introduce':
      if (session.peer !== 'unknown' || !present) return;
      startSession(turn, 'textbook');
      return negotiateOn(turn, { type: 'want', wanted: 'offer' });
    case 'repeat':
      // A textbook client takes every offer for a new one, so it gets each only once.
      if (session.peer === 'textbook' || session.negotiation.step.kind !== 'offered') return;
      negotiateOn(turn, { type: 'repeat' });
      return setTimer(turn, 'repeat', repeatMs);
    case 'recover':
      if (session.link.kind === 'lost' && !present && signaling === 'joined') {
        if (turn.now - session.link.since >= goneAfterMs) return peerGone(turn, 'peer-lost');
      }
      return session.link.kind === 'connected' ? wantRestart(turn) : restart(turn);
    case 'settle':
      return networkSettled(turn, session);
    case 'connect':
    case 'give-up':
      return fail(turn, 'connection-failed');
    default:
      return timer satisfies never;
  }
}

// --- Ways out

/** Out of the room, for whatever reason. */
function leave(turn: Turn, phase: Phase): void {
  const { session, signaling } = turn.machine;
  for (const timer of timers) clearTimer(turn, timer);
  if (session) turn.effects.push({ type: 'close-peer' });
  if (signaling !== 'closed') turn.effects.push({ type: 'leave-and-close-signaling' });
  set(turn, {
    phase,
    signaling: 'closed',
    present: null,
    session: null,
    connectedSince: null,
  });
}

function fail(turn: Turn, reason: CallErrorReason, retryAfterMs: number | null = null): void {
  const phase: Phase = { kind: 'error', error: new CallError(reason, reason, retryAfterMs) };
  // Both may still come right by themselves: the server answers after all, or the other side tries again.
  if (reason !== 'connection-failed' && reason !== 'server-unreachable') return leave(turn, phase);
  for (const timer of timers) clearTimer(turn, timer);
  set(turn, { phase });
}

const timers: readonly Timer[] = ['join', 'introduce', 'repeat', 'connect', 'recover', 'settle', 'give-up'];

// --- Speaking

/** Says it over every way there is: numbers make repetitions harmless. */
function say(turn: Turn, message: Message): void {
  const { session, present, signaling } = turn.machine;
  if (!session) return;
  // Nobody learns our addresses before somebody is there.
  if (message.type === 'candidate' && !present && session.link.kind === 'new') return;
  const dialect: Dialect =
    session.peer === 'parley' ? 'parley' : session.peer === 'textbook' ? 'textbook' : 'veiled';
  const spoken = dialect === 'veiled' && message.type === 'offer' ? hello(message) : message;
  const data = write(spoken, { from: session.id, to: session.remote }, dialect);
  if (session.control) turn.effects.push({ type: 'send-control', data });
  if (signaling === 'closed') return;
  // A newer offer makes everything before it moot.
  if (message.type === 'offer') turn.effects.push({ type: 'forget-signaling' });
  turn.effects.push({ type: 'send-signaling', data });
}

function sayOnControl(turn: Turn, message: Message): void {
  const { session } = turn.machine;
  if (!session) return;
  const data = write(message, { from: session.id, to: session.remote }, 'parley');
  turn.effects.push({ type: 'send-control', data });
}

function hello(offer: Message & { type: 'offer' }): Message {
  return { type: 'hello', offer };
}

// --- Small change

function resumeOf({ seat, options }: Machine): string | null {
  return seat ? seat.resume : (options.resume ?? null);
}

function set(turn: Turn, change: Partial<Machine>): void {
  turn.machine = { ...turn.machine, ...change };
}

function setSession(turn: Turn, change: Partial<Session>): void {
  if (turn.machine.session) set(turn, { session: { ...turn.machine.session, ...change } });
}

function setTimer(turn: Turn, timer: Timer, ms: number): void {
  turn.effects.push({ type: 'set-timer', timer, ms });
}

function clearTimer(turn: Turn, timer: Timer): void {
  turn.effects.push({ type: 'clear-timer', timer });
}

function retire(retired: readonly string[], session: string | null): readonly string[] {
  return session === null ? retired : [...retired, session].slice(-maxRetired);
}
