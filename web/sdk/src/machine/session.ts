import { CallError, type CallErrorReason } from '../errors.ts';
import { isCommitted, type NegotiationEvent, negotiate, newNegotiation } from '../negotiation.ts';
import type { WaitingReason } from '../state.ts';
import { obstacleOf } from './obstacle.ts';
import { stageOf } from './stage.ts';
import { clearTimer, say, sayMedia, set, setSession, setTimer, type Turn } from './turn.ts';
import type { Layout, Machine, PeerKind, Phase, Session, Timer } from './types.ts';

// The session: one peer connection, its negotiation, and the ways in and out.

/** Our own kind introduces itself as it joins. Who stays silent this long is a textbook client and gets a plain offer. */
const introductionMs = 3_000;

/** Every description is some kilobytes, which a thin line has to carry. */
export const repeatMs = 4_000;

/** A first connection that takes this long starts over with fresh candidates: the network may have changed meanwhile. */
const stuckMs = 10_000;

/** After a loss: how long each ICE restart may take before the next. */
const recoverMs: readonly number[] = [2_500, 3_000, 4_000, 6_000, 8_000];

/** The polite side asks again only when the other one has had the time for another offer of its own. */
const politeMs = 1_000;

/** A relay is not kept busy for two who sit in the lobby for longer than this. */
const warmMs = 10 * 60_000;

const maxFailures = 3;

const maxRetired = 16;

/**
 * A new peer connection in place of the one there was; from the lobby only a warm one, or none. The impolite side's offer
 * follows by itself; else see {@link announce}.
 */
export function startSession(turn: Turn, peer: PeerKind): void {
  const { seat, firm, options } = turn.machine;
  if (!seat) return;
  const lostSince = peer === 'unknown' ? lossOf(turn.machine) : null;
  endSession(turn);
  const { machine } = turn;
  const stage = stageOf(machine);
  if (stage === 'cold' && !firm) return;
  const warm = stage === 'warm';

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
      warm,
      negotiation,
      link: { kind: 'new' },
      lostSince,
      control: false,
      stalled: null,
      path: null,
      relayRefused: false,
      through: false,
      restartedAt: Number.NEGATIVE_INFINITY,
      owesRestart: false,
      remoteMedia: null,
    },
  });
  turn.effects.push({ type: 'forget-signaling' });
  turn.effects.push({ type: 'open-peer', session: id, iceServers: seat.iceServers, warm });
  if (warm) setTimer(turn, 'cool', warmMs);
  if (lostSince !== null) setTimer(turn, 'give-up', lostSince + options.giveUpAfterMs - turn.now);

  if (peer === 'textbook') return;
  // Between two of our kind the first offer is always the impolite side's: it makes the m-lines, in one order.
  if (!negotiation.polite) negotiateOn(turn, { type: 'want', wanted: 'offer' });
}

/** A textbook client's call begins anew with every peer connection of ours. */
function lossOf({ phase, present, session }: Machine): number | null {
  // They are gone, or we have given up.
  if (!session || !present || phase.kind === 'error') return null;
  const { link, lostSince, peer } = session;
  return link.kind === 'lost' && peer === 'parley' ? link.since : lostSince;
}

function endSession(turn: Turn): void {
  if (turn.machine.session) turn.effects.push({ type: 'close-peer' });
  set(turn, { session: null });
  clearTimers(turn);
}

function clearTimers(turn: Turn): void {
  for (const timer of timers) clearTimer(turn, timer);
}

/** Starts anew, and says so to whoever is there. */
export function startAgain(turn: Turn): void {
  startSession(turn, 'unknown');
  announce(turn);
  if (turn.machine.present) expectPeer(turn);
}

/** Something failed: anew with fresh candidates, until it has failed too often. */
export function failed(turn: Turn): void {
  const failures = turn.machine.failures + 1;
  const cooled = turn.machine.session?.warm === true && failures > maxFailures;
  if (failures > maxFailures && !cooled) return fail(turn, 'connection-failed');
  set(turn, { cooled, failures });
  startAgain(turn);
}

/** Brings the session into line with who is there and who has joined. */
export function fitStage(turn: Turn): void {
  const { session, firm, present } = turn.machine;
  const stage = stageOf(turn.machine);
  if (stage === 'open' && session?.warm) {
    // Somebody has to be there who has joined: one who is not known to be there any more may not have.
    if (present || session.remoteMedia) admit(turn, session);
    else startAgain(turn);
  } else if (stage === 'warm' ? !session?.warm : session && !firm) {
    startAgain(turn);
  }
}

/** Both have joined: media, and the best path there is instead of the relay's. */
function admit(turn: Turn, { link, negotiation }: Session): void {
  setSession(turn, { warm: false });
  clearTimer(turn, 'cool');
  turn.effects.push({ type: 'admit-peer' });
  sayMedia(turn);
  if (link.kind === 'connected') set(turn, { connectedSince: turn.machine.connectedSince ?? turn.now });
  else if (isCommitted(negotiation)) giveConnectionTime(turn);
  else if (negotiation.polite) announce(turn);
  expectPeer(turn);
  if (negotiation.polite) return;
  setSession(turn, { restartedAt: turn.now });
  negotiateOn(turn, { type: 'want', wanted: 'restart' });
}

/** Says that we are here, with our offer if it is ready, unless they have an answer already. The server keeps it for who comes later. */
export function announce(turn: Turn): void {
  const { session } = turn.machine;
  if (!session || session.peer === 'textbook' || isCommitted(session.negotiation)) return;
  const { negotiation } = session;
  if (negotiation.step.kind === 'offered') say(turn, negotiation.step.offer);
  else if (negotiation.polite) say(turn, { type: 'hello', offer: null });
}

/** Somebody is on the other seat: from now on our candidates may go out, and somebody should speak soon. */
export function expectPeer(turn: Turn): void {
  const { session } = turn.machine;
  if (session?.peer !== 'unknown') return;
  for (const candidate of session.negotiation.gathered) say(turn, { type: 'candidate', candidate });
  if (session.negotiation.step.kind === 'offered') setTimer(turn, 'repeat', repeatMs);
  // Who is in the lobby is of our kind, and talks when it can.
  if (stageOf(turn.machine) === 'open') setTimer(turn, 'introduce', introductionMs);
}

export function negotiateOn(turn: Turn, event: NegotiationEvent, again?: boolean): void {
  const before = turn.machine.session;
  if (!before) return;
  const [negotiation, effects] = negotiate(before.negotiation, event);
  setSession(turn, { negotiation });

  const layout: Layout = before.peer === 'textbook' ? 'textbook' : 'parley';
  for (const effect of effects) {
    if (effect.type === 'send') say(turn, effect.message, again);
    else if (effect.type === 'make-offer' || effect.type === 'make-answer')
      turn.effects.push({ ...effect, layout });
    else turn.effects.push(effect);
  }

  if (negotiation.step.kind !== 'offered') clearTimer(turn, 'repeat');
  else if (negotiation.offers !== before.negotiation.offers && turn.machine.present)
    setTimer(turn, 'repeat', repeatMs);
  const exchanged = negotiation.step.kind === 'stable' && before.negotiation.step.kind !== 'stable';
  if (exchanged && before.link.kind === 'lost') giveTime(turn, before);
  // Not before both know of it can it find a path.
  const restarted = exchanged && before.negotiation.remoteGenerations.length > 0;
  if (restarted || negotiation.step.kind === 'answering') setSession(turn, { restartedAt: turn.now });
  if (isCommitted(negotiation) && !isCommitted(before.negotiation)) {
    clearTimer(turn, 'introduce');
    giveConnectionTime(turn);
  }
}

function giveConnectionTime(turn: Turn): void {
  const { session, options } = turn.machine;
  if (session?.lostSince === null) setTimer(turn, 'connect', options.connectWithinMs);
  if (!session?.warm) setTimer(turn, 'recover', stuckMs);
}

/** A restart takes what it takes: from now on it has this long, before the next one. */
export function giveTime(turn: Turn, { link, negotiation }: Session): void {
  const attempts = link.kind === 'lost' ? link.attempts : 0;
  const ms = recoverMs[Math.min(attempts, recoverMs.length - 1)] ?? 0;
  setTimer(turn, 'recover', negotiation.polite ? ms + politeMs : ms);
}

/** Back to waiting, with a new session that nobody has seen. */
export function peerGone(turn: Turn, waitingReason: WaitingReason): void {
  const { session, retired } = turn.machine;
  set(turn, { present: null, cooled: false, held: [] });
  // They came as far as the lobby: nothing to tell.
  if (session?.warm || !turn.machine.firm) return startAgain(turn);
  // They left before we heard of each other, or have been seen off already: the reason stays.
  if (
    !session ||
    (session.peer === 'unknown' && session.lostSince === null && !isCommitted(session.negotiation))
  )
    return announce(turn);
  set(turn, { waitingReason, retired: retire(retired, session.remote) });
  startSession(turn, 'unknown');
  announce(turn);
}

/** Out of the room, for whatever reason. */
export function leave(turn: Turn, phase: Phase): void {
  const { signaling } = turn.machine;
  endSession(turn);
  clearTimer(turn, 'join');
  if (signaling !== 'closed') turn.effects.push({ type: 'leave-and-close-signaling' });
  set(turn, {
    phase,
    signaling: 'closed',
    present: null,
    connectedSince: null,
    cooled: false,
    held: [],
  });
}

export function fail(turn: Turn, reason: CallErrorReason, retryAfterMs: number | null = null): void {
  const obstacle = reason === 'connection-failed' ? obstacleOf(turn.machine) : null;
  const phase: Phase = { kind: 'error', error: new CallError(reason, retryAfterMs, obstacle) };
  // Both may still come right by themselves: the server answers after all, or the other side tries again.
  if (reason !== 'connection-failed' && reason !== 'server-unreachable') return leave(turn, phase);
  clearTimers(turn);
  set(turn, { phase });
}

export function retire(retired: readonly string[], session: string | null): readonly string[] {
  return session === null ? retired : [...retired, session].slice(-maxRetired);
}

/** Of a session. */
const timers: readonly Timer[] = ['introduce', 'repeat', 'connect', 'recover', 'settle', 'give-up', 'cool'];
