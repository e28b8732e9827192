import type { IceCandidate } from '../wire.ts';
import { receive } from './listen.ts';
import { failed, giveTime, negotiateOn } from './session.ts';
import { clearTimer, say, sayMedia, set, setSession, setTimer, type Turn } from './turn.ts';
import type { ConnectionState, Heard, PeerEvent, Session } from './types.ts';

// The link: what the peer connection tells, and the fight for it when it is lost.

/** The next restart after one that found no address at all. */
const barrenMs = 500;

/** A restart that began within this is given its time before another one. */
const freshMs = 2_000;

/** A change of network that has not been told again for this long is over. */
const settleMs = 200;

export function handlePeer(
  turn: Turn,
  session: Session,
  event: { readonly session: string } & PeerEvent,
): void {
  switch (event.type) {
    case 'answer-made':
    case 'answer-accepted':
      return negotiateOn(turn, event);
    case 'offer-made':
    case 'local-candidate':
      negotiateOn(turn, event);
      return lookAtGathered(turn);
    case 'operation-failed':
      return failed(turn);
    case 'connection':
      return connectionChanged(turn, session, event.state);
    case 'path':
      return setSession(turn, { path: event.path });
    case 'relay-refused':
      return setSession(turn, { relayRefused: true });
    case 'heartbeat':
      return heartbeatChanged(turn, session, event.verdict);
    case 'control-opened':
      setSession(turn, { control: true });
      return sayMedia(turn);
    case 'control-closed':
      // Channels close only with the whole peer connection at the other end.
      setSession(turn, { control: false });
      if (session.link.kind === 'connected') linkLost(turn, session);
      return;
    case 'control-message':
      return receive(turn, event.data);
    default:
      event satisfies never;
  }
}

/** After a change of network a browser may know for a second or two only addresses that are gone: too early a restart finds nothing. */
function lookAtGathered(turn: Turn): void {
  const { session } = turn.machine;
  if (!session || !isFresh(turn, session)) return;
  const { gathered, step } = session.negotiation;
  // What ends before there is an offer may be the gathering for one that was taken back.
  if (step.kind === 'offering' || gathered.at(-1)?.candidate !== '') return;
  if (!gathered.some(({ candidate }) => / udp /i.test(candidate))) setTimer(turn, 'recover', barrenMs);
}

function connectionChanged(turn: Turn, session: Session, state: ConnectionState): void {
  setSession(turn, { through: state === 'connected' });
  switch (state) {
    case 'connected':
      if (!session.stalled) return linkUp(turn);
      // There is a path, and nothing comes back on it: the other side may not know our newest credentials yet, and the way to the
      // server may still wait for an answer from before.
      negotiateOn(turn, { type: 'repeat' });
      return renewSignaling(turn, true);
    case 'disconnected':
    case 'failed':
      // Who has a pulse knows better: a browser says so in the middle of every restart, and seconds late of a loss.
      if (session.link.kind === 'connected' && session.stalled === null) linkLost(turn, session);
      else if (state === 'failed' && session.warm) failed(turn);
      else if (session.link.kind === 'new' && state === 'failed') setTimer(turn, 'recover', 1_000);
      return;
    default:
      state satisfies never;
  }
}

function heartbeatChanged(turn: Turn, session: Session, verdict: Heard): void {
  switch (verdict) {
    case 'alive':
      setSession(turn, { stalled: false });
      return linkUp(turn);
    case 'odd':
      // It may be our own network that is lost, and the way to the server with it: that is found out only by a new one.
      return renewSignaling(turn, false);
    case 'stalled':
      setSession(turn, { stalled: true });
      if (session.link.kind === 'connected') linkLost(turn, session);
      return;
    case 'woke':
      return networkChanged(turn);
    case 'detour':
      return wantRestart(turn);
    default:
      verdict satisfies never;
  }
}

function linkUp(turn: Turn): void {
  const { connectedSince, phase, session } = turn.machine;
  for (const timer of ['connect', 'recover', 'settle', 'give-up'] as const) clearTimer(turn, timer);
  set(turn, { connectedSince: session?.warm ? null : (connectedSince ?? turn.now), failures: 0 });
  // The path may heal after we have given up.
  if (phase.kind === 'error') set(turn, { phase: { kind: 'in-room' } });
  setSession(turn, { link: { kind: 'connected' }, lostSince: null });
}

function linkLost(turn: Turn, session: Session): void {
  if (session.warm) return failed(turn);
  setSession(turn, { link: { kind: 'lost', since: turn.now, attempts: 0 } });
  setTimer(turn, 'give-up', turn.machine.options.giveUpAfterMs);
  // Who has a pulse did so when silence was odd.
  if (session.stalled === null) renewSignaling(turn, false);
  restartUnlessFresh(turn, session);
}

/** Every generation of candidates adds pairs, and pairs are checked one after the other: one restart is faster than two. */
export function restartUnlessFresh(turn: Turn, session: Session): void {
  if (isFresh(turn, session)) giveTime(turn, session);
  else restart(turn);
}

function isFresh({ now }: Turn, { restartedAt }: Session): boolean {
  return now - restartedAt < freshMs;
}

/** A new way to the server at once, and fresh candidates once the network has settled: one change is told several times over. */
export function networkChanged(turn: Turn): void {
  renewSignaling(turn, true);
  // A warm connection that does not survive it is made anew.
  if (turn.machine.session?.warm === false) setTimer(turn, 'settle', settleMs);
}

export function networkSettled(turn: Turn, { link, negotiation }: Session): void {
  if (link.kind === 'lost') restart(turn, true);
  else if (link.kind === 'connected' || negotiation.step.kind === 'offered') wantRestart(turn);
}

export function renewSignaling(turn: Turn, atOnce: boolean): void {
  if (turn.machine.signaling !== 'closed') turn.effects.push({ type: 'renew-signaling', atOnce });
}

/**
 * Fights for a lost connection: an ICE restart now, and the next one when this one has not helped. An offer that is still on its way,
 * with addresses that others can reach, is as good as another one, unless our addresses are others now.
 */
export function restart(turn: Turn, anew = false): void {
  const { session } = turn.machine;
  if (!session) return;
  const { link, negotiation } = session;
  giveTime(turn, session);
  if (link.kind === 'lost') setSession(turn, { link: { ...link, attempts: link.attempts + 1 } });
  const stands = negotiation.step.kind === 'offered' && negotiation.gathered.some(reachable);
  if (anew || !stands) wantRestart(turn);
}

function reachable({ candidate }: IceCandidate): boolean {
  return / typ (srflx|relay) /.test(candidate);
}

export function wantRestart(turn: Turn): void {
  const { session, signaling } = turn.machine;
  // Without a way to tell the other side it would only spoil what may heal by itself.
  const possible = signaling === 'joined' || session?.control === true;
  setSession(turn, { owesRestart: !possible });
  if (!possible) return;
  setSession(turn, { restartedAt: turn.now });
  const { polite, seen } = session?.negotiation ?? {};
  // Two offers that meet make the polite side take its own back, after which Chromium shows no picture any more though it goes
  // on decoding (seen in 156). So between our kind only one side makes offers.
  if (polite && session?.peer === 'parley') say(turn, { type: 'restart', after: seen ?? 0 });
  else negotiateOn(turn, { type: 'want', wanted: 'restart' });
}
