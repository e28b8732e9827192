import { expect, test } from 'vitest';
import {
  type Negotiation,
  type NegotiationEffect,
  type NegotiationEvent,
  negotiate,
  newNegotiation,
} from './negotiation.ts';
import { ModelConnection } from './testing/model-connection.ts';
import { type Random, seeded } from './testing/random.ts';
import { World } from './testing/world.ts';
import type { Answer, Candidate, Offer } from './wire.ts';

const runs = 10_000;
const disturbedMs = 20_000;

test(`${runs} interleavings of offers, restarts, losses, repetitions and overtaking all converge`, () => {
  for (let seed = 1; seed <= runs; seed++) {
    const { world, impolite, polite } = disturbedPair(seed);

    const converged = world.runUntil(
      disturbedMs + 60_000,
      () => world.now > disturbedMs && settled(impolite, polite),
    );

    if (!converged) expect.fail(`seed ${seed}: ${JSON.stringify([impolite.state, polite.state], null, 1)}`);
  }
});

test('no operation is ever asked for that a browser would refuse', () => {
  // ModelConnection throws on those, and every run of the simulation above would have failed. This one makes sure it does.
  const connection = new ModelConnection('a');
  expect(() => connection.acceptAnswer('a=fingerprint:b\na=ice-ufrag:b/1')).toThrow('InvalidStateError');
  connection.makeAnswer('a=fingerprint:b\na=ice-ufrag:b/1');
  expect(() => connection.makeAnswer('a=fingerprint:c\na=ice-ufrag:c/1')).toThrow('InvalidAccessError');
});

test('candidates reach the connection only together with the description of their generation', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const { world, impolite, polite } = disturbedPair(seed);
    world.runUntil(disturbedMs + 60_000, () => world.now > disturbedMs && settled(impolite, polite));
    expect([...impolite.strays, ...polite.strays], `seed ${seed}`).toEqual([]);
  }
});

/** Two ends over a channel that loses, repeats and overtakes, both asking for restarts at random. */
function disturbedPair(seed: number) {
  const random = seeded(seed);
  const world = new World();
  const impolite = new End('impolite', false, world, random);
  const polite = new End('polite', true, world, random);
  impolite.other = polite;
  polite.other = impolite;
  impolite.handle({ type: 'want', wanted: 'offer' });
  const restarts = 1 + random.below(8);
  for (let i = 0; i < restarts; i++) {
    const end = random.chance(0.5) ? impolite : polite;
    // Close together as often as far apart, so that they collide.
    const at = random.chance(0.5) ? 5_000 + random.below(50) : random.below(disturbedMs);
    world.after(at, () => end.handle({ type: 'want', wanted: random.chance(0.8) ? 'restart' : 'offer' }));
  }
  return { world, impolite, polite };
}

function settled(a: End, b: End): boolean {
  const calm = ({ state }: End) => state.step.kind === 'stable' && state.wanted === 'nothing' && !state.next;
  return calm(a) && calm(b) && a.connection.agreesWith(b.connection);
}

class End {
  readonly connection: ModelConnection;
  readonly strays: string[] = [];
  readonly #world: World;
  readonly #random: Random;
  state: Negotiation;
  other: End | null = null;

  constructor(name: string, polite: boolean, world: World, random: Random) {
    this.connection = new ModelConnection(name);
    this.#world = world;
    this.#random = random;
    this.state = newNegotiation(polite);
    this.#repeat();
  }

  handle(event: NegotiationEvent): void {
    const [state, effects] = negotiate(this.state, event);
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: NegotiationEffect): void {
    switch (effect.type) {
      case 'make-offer':
        return this.#later((connection) => ({
          type: 'offer-made',
          sdp: connection.makeOffer(effect.restart),
        }));
      case 'make-answer':
        return this.#later((connection) => ({ type: 'answer-made', sdp: connection.makeAnswer(effect.sdp) }));
      case 'accept-answer':
        return this.#later((connection) => {
          connection.acceptAnswer(effect.sdp);
          return { type: 'answer-accepted' };
        });
      case 'add-candidate':
        if (effect.candidate.usernameFragment !== this.connection.remote)
          this.strays.push(effect.candidate.candidate);
        return;
      case 'send':
        return this.#send(effect.message);
      default:
        return effect satisfies never;
    }
  }

  /** The browser takes its time, and gathers a candidate after each description of ours. */
  #later(operation: (connection: ModelConnection) => NegotiationEvent): void {
    this.#world.after(1 + this.#random.below(40), () => {
      const event = operation(this.connection);
      this.handle(event);
      if (event.type !== 'offer-made' && event.type !== 'answer-made') return;
      const usernameFragment = /^a=ice-ufrag:(\S+)/m.exec(event.sdp)?.[1] ?? null;
      this.#world.after(this.#random.below(30), () =>
        this.handle({
          type: 'local-candidate',
          candidate: { candidate: `of ${usernameFragment}`, sdpMid: '0', sdpMLineIndex: 0, usernameFragment },
        }),
      );
    });
  }

  #send(message: Offer | Answer | Candidate): void {
    const lossy = this.#world.now < disturbedMs;
    if (lossy && this.#random.chance(0.3)) return;
    const copies = this.#random.chance(0.3) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      // Mostly near, sometimes far behind everything that follows.
      const delay = this.#random.chance(0.2) ? 5_000 : 200;
      this.#world.after(1 + this.#random.below(delay), () =>
        this.other?.handle({ type: 'received', message }),
      );
    }
  }

  #repeat(): void {
    this.#world.after(2_000, () => {
      this.handle({ type: 'repeat' });
      this.#repeat();
    });
  }
}
