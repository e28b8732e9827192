import { type Dialect, type Message, write } from '../wire.ts';
import type { Effect, Machine, Session, Timer } from './types.ts';

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

/** Says it over every way there is: numbers make repetitions harmless. */
export function say(turn: Turn, message: Message): void {
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

export function sayOnControl(turn: Turn, message: Message): void {
  const { session } = turn.machine;
  if (!session) return;
  const data = write(message, { from: session.id, to: session.remote }, 'parley');
  turn.effects.push({ type: 'send-control', data });
}

function hello(offer: Message & { type: 'offer' }): Message {
  return { type: 'hello', offer };
}
