import { type Dialect, type Message, type Sender, write } from '../wire.ts';
import { stageOf } from './stage.ts';
import { type Effect, type Machine, noMedia, type Session, type Timer } from './types.ts';

/** One step in the making: mutable, and never seen outside {@link step}. */
export interface Turn {
  machine: Machine;
  readonly effects: Effect[];
  readonly now: number;
}

export function set(turn: Turn, change: Partial<Machine>): void {
  turn.machine = { ...turn.machine, ...change };
}

export function setSession(turn: Turn, change: Partial<Session>): void {
  if (turn.machine.session) set(turn, { session: { ...turn.machine.session, ...change } });
}

export function setTimer(turn: Turn, timer: Timer, ms: number): void {
  turn.effects.push({ type: 'set-timer', timer, ms });
}

export function clearTimer(turn: Turn, timer: Timer): void {
  turn.effects.push({ type: 'clear-timer', timer });
}

/**
 * Says it over every way there is: numbers make repetitions harmless.
 * @param again It has been said already. The control channel loses nothing: its copy has come, or is still under way on a thin line.
 */
export function say(turn: Turn, message: Message, again?: boolean): void {
  const { session, present, signaling, firm } = turn.machine;
  if (!session) return;
  // Nobody learns our addresses who has not joined as we have. Those on the other end of the control channel have.
  const hidden = message.type === 'candidate' && !session.warm && !(present && !present.lobby && firm);
  const dialect: Dialect =
    session.peer === 'parley' ? 'parley' : session.peer === 'textbook' ? 'textbook' : 'veiled';
  const spoken: Message =
    dialect === 'veiled' && message.type === 'offer' ? { type: 'hello', offer: message } : message;
  const data = write(spoken, senderOf(session), dialect);
  // Without a path words pile up, to be answered one by one once there is one again: then the last offer is repeated. Only a goodbye waits.
  const goes = session.through || !session.stalled || message.type === 'bye';
  if (session.control && goes && !again) turn.effects.push({ type: 'send-control', data });
  if (signaling === 'closed' || hidden) return;
  // A newer offer makes everything before it moot.
  if (message.type === 'offer') turn.effects.push({ type: 'forget-signaling' });
  turn.effects.push({ type: 'send-signaling', data });
}

/** What our microphone and camera do; to somebody in the lobby only that we have joined. */
export function sayMedia(turn: Turn): void {
  const { firm, session, local } = turn.machine;
  if (!firm || !session?.control) return;
  sayOnControl(turn, { type: 'media', ...(stageOf(turn.machine) === 'open' ? local : noMedia) });
}

export function sayOnControl(turn: Turn, message: Message): void {
  const { session } = turn.machine;
  if (!session) return;
  const data = write(message, senderOf(session), 'parley');
  turn.effects.push({ type: 'send-control', data });
}

function senderOf({ id, remote, warm }: Session): Sender {
  return { from: id, to: remote, ...(warm && { warm }) };
}
