import { isCommitted } from '../negotiation.ts';
import { type Message, type Received, read } from '../wire.ts';
import { announce, fitStage, leave, negotiateOn, peerGone, retire, startSession } from './session.ts';
import { stageOf } from './stage.ts';
import { clearTimer, set, setSession, type Turn } from './turn.ts';
import type { Machine, Session } from './types.ts';

// Listening: what the other browser says, be it one of our kind or a textbook client.

/** More than anybody says before both have joined. */
const maxHeld = 100;

export function receive(turn: Turn, data: unknown): void {
  const { phase, held } = turn.machine;
  const received = read(data);
  const listening =
    phase.kind === 'in-room' ||
    phase.kind === 'lobby' ||
    (phase.kind === 'error' && phase.error.reason === 'connection-failed');
  if (!listening || !received) return;
  if (hasToWait(turn.machine, received)) return set(turn, { held: [...held, data].slice(-maxHeld) });
  if (received.sender) receiveFromOurKind(turn, received.message, received.sender);
  else receiveFromTextbook(turn, received.message);
}

/** What came while somebody was in the lobby. Once a connection has come of it, the rest is moot. */
export function receiveHeld(turn: Turn): void {
  const { held, session } = turn.machine;
  set(turn, { held: [] });
  if (session && !isCommitted(session.negotiation)) for (const data of held) receive(turn, data);
}

/** As long as somebody is in the lobby, only warm connections talk to each other; and whoever has joined may say so. */
function hasToWait(machine: Machine, { sender }: Received): boolean {
  const { session, firm } = machine;
  if (stageOf(machine) === 'open') return false;
  if (!session || !sender) return true;
  return !(session.warm === !!sender.warm || (firm && session.warm));
}

function receiveFromOurKind(
  turn: Turn,
  message: Message,
  { from, to }: NonNullable<Received['sender']>,
): void {
  const { machine } = turn;
  const { session } = machine;
  if (!session) return;
  const { remote, link } = session;
  const retired = machine.retired.includes(from);
  if (retired || (to !== null && to !== session.id)) {
    const speaksUp = ['offer', 'answer', 'restart'].includes(message.type);
    // Or we have met each other's sessions of before, and neither will ever come to anything.
    const missed = link.kind === 'new' && !retired && remote !== from;
    if (speaksUp && (missed || remote === null)) introduceAgain(turn);
    return;
  }

  if (session.remote !== from) {
    if (['bye', 'closing', 'media', 'restart'].includes(message.type)) return;
    meet(turn, from);
    // Meant for the session that has just been given up; the new one introduces itself.
    if (to !== null && to !== turn.machine.session?.id) return announce(turn);
  }

  switch (message.type) {
    case 'bye':
      // Who has not joined has no call to end.
      if (machine.firm) leave(turn, { kind: 'ended', reason: 'peer-hung-up' });
      return;
    case 'closing':
      return peerGone(turn, 'peer-left');
    case 'media': {
      const { type: _, ...remoteMedia } = message;
      setSession(turn, { remoteMedia });
      return fitStage(turn);
    }
    case 'ready':
      return;
    case 'restart':
      return restartFor(turn, session, message.after);
    case 'hello':
    case 'offer':
    case 'answer':
    case 'candidate':
      negotiateOn(turn, { type: 'received', message });
      // They may have come too late for our offer.
      if (message.type === 'hello') negotiateOn(turn, { type: 'repeat' });
      return;
    default:
      message satisfies never;
  }
}

/** A question comes over both ways, so its second copy finds the answer on its way. */
const freshOfferMs = 300;

/** They ask for an offer that restarts ICE. One that they had not heard of when they asked will do. */
function restartFor(turn: Turn, { negotiation, restartedAt }: Session, after: number): void {
  if (negotiation.polite || negotiation.step.kind === 'offering') return;
  if (negotiation.offers > after) {
    if (turn.now - restartedAt > freshOfferMs) negotiateOn(turn, { type: 'repeat' });
    return;
  }
  setSession(turn, { restartedAt: turn.now });
  negotiateOn(turn, { type: 'want', wanted: 'restart' });
}

/** The other side talks to a session of ours that is gone: it has not heard of this one. */
function introduceAgain(turn: Turn): void {
  const { session } = turn.machine;
  if (session && (session.peer === 'textbook' || isCommitted(session.negotiation)))
    startSession(turn, 'unknown');
  announce(turn);
}

/** Somebody of our kind speaks from a peer connection that we have not met: from now on we belong to that one. */
function meet(turn: Turn, from: string): void {
  const { session, retired, phase } = turn.machine;
  if (!session) return;
  set(turn, { retired: retire(retired, session.remote), held: [] });
  const anew = isCommitted(session.negotiation) || session.peer === 'textbook' || phase.kind === 'error';
  if (anew) startSession(turn, 'unknown');
  if (phase.kind === 'error') set(turn, { phase: { kind: 'in-room' }, failures: 0 });
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
    case 'restart':
    case 'closing':
    case 'media':
      return;
    default:
      message satisfies never;
  }
}
