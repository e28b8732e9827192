import { expect } from 'vitest';
import {
  type Effect,
  type Event,
  type Machine,
  newMachine,
  step,
  type Timer,
  viewOf,
} from '../call-machine.ts';
import { type Message, write } from '../wire.ts';

/** One machine, driven event by event. */
export const anna = { id: 'p2', name: 'Anna', away: false, lobby: false };
export const localCandidate = {
  session: 'me.1',
  type: 'local-candidate',
  candidate: {
    candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: 'mine',
  },
} as const satisfies Event;

export class Driver {
  machine: Machine = newMachine({
    instance: 'me',
    warmUp: true,
    connectWithinMs: 30_000,
    giveUpAfterMs: 180_000,
  });
  readonly timers = new Set<Timer>();
  last: readonly Effect[] = [];
  now = 1_000;

  on(event: Event): readonly Effect[] {
    const [machine, effects] = step(this.machine, event, this.now);
    this.machine = machine;
    for (const effect of effects) {
      if (effect.type === 'set-timer') this.timers.add(effect.timer);
      if (effect.type === 'clear-timer') this.timers.delete(effect.timer);
    }
    this.last = effects;
    return effects;
  }

  /** Lets a timer fire, which must have been set. */
  fire(timer: Timer): readonly Effect[] {
    expect(this.timers).toContain(timer);
    this.timers.delete(timer);
    return this.on({ type: 'timer', timer });
  }

  view() {
    return viewOf(this.machine);
  }
}

export interface Situation {
  readonly polite: boolean;
  readonly peer?: typeof anna | null;
  readonly pending?: readonly unknown[];
}

export function joinedEvent({ polite, peer = null, pending = [] }: Situation): Event {
  return { type: 'joined', seat: { polite, resume: 'token', iceServers: [] }, peer, pending };
}

export function joined(situation: Situation): Driver {
  const call = new Driver();
  call.on({ type: 'join' });
  call.on({ type: 'signaling-opened' });
  call.on(joinedEvent(situation));
  return call;
}

/** In a call with `them.1`. */
export function connected({ polite = false, control = false } = {}): Driver {
  const call = joined({ polite, peer: anna, pending: polite ? [hello('them.1', 'theirs')] : [] });
  if (polite) {
    call.on({ session: 'me.1', type: 'answer-made', sdp: sdp('mine') });
  } else {
    call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
    call.on(says({ type: 'answer', sdp: sdp('theirs'), number: 1, settled: 0 }));
    call.on({ session: 'me.1', type: 'answer-accepted' });
  }
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  if (control) call.on({ session: 'me.1', type: 'control-opened' });
  return call;
}

export function says(message: Message): Event {
  return { type: 'message', data: write(message, { from: 'them.1', to: 'me.1' }, 'parley') };
}

export function hello(from: string, generation: string): unknown {
  const offer = { type: 'offer', sdp: sdp(generation), number: 1 } as const;
  return write({ type: 'hello', offer }, { from, to: null }, 'veiled');
}

export function sends(effects: readonly Effect[]): unknown[] {
  return effects.flatMap((effect) => (effect.type === 'send-signaling' ? [effect.data] : []));
}

export function controls(effects: readonly Effect[]): unknown[] {
  return effects.flatMap((effect) => (effect.type === 'send-control' ? [effect.data] : []));
}

export function sdp(generation: string): string {
  return `v=0\r\na=ice-ufrag:${generation}\r\n`;
}
