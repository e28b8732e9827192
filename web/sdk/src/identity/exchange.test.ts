import { expect, test } from 'vitest';
import { type Random, seeded } from '../testing/random.ts';
import { type Beginning, beginExchange, type Exchange, type ExchangeEvent, exchange } from './exchange.ts';
import type { Frame } from './frame.ts';

// Hashes are stood in for by names: `c(nonce)` commits to a nonce, and a digest names both nonces in order.
const commit = (nonce: string) => `c(${nonce})`;

class Side {
  state: Exchange;
  readonly sent: Frame[] = [];

  constructor(beginning: Partial<Beginning> & { nonce: string }) {
    const [state, effects] = beginExchange({
      commitment: commit(beginning.nonce),
      kept: null,
      next: null,
      ...beginning,
    });
    this.state = state;
    this.#carryOut(effects);
  }

  on(event: ExchangeEvent): void {
    const [state, effects] = exchange(this.state, event);
    this.state = state;
    this.#carryOut(effects);
  }

  hear(frame: Frame | null): void {
    this.on({ type: 'received', frame });
  }

  get revealed(): boolean {
    return this.sent.some(({ step }) => step === 'reveal');
  }

  #carryOut(effects: ReturnType<typeof exchange>[1]): void {
    for (const effect of effects) {
      if (effect.type === 'send') this.sent.push(effect.frame);
      else {
        const digest = [this.state.nonce, effect.nonce].sort().join();
        this.on({ type: 'checked', commitment: commit(effect.nonce), digest });
      }
    }
  }
}

const commitFrame = (nonce: string, kept: string | null = null): Frame => ({
  step: 'commit',
  commitment: commit(nonce),
  kept,
  next: null,
});

/** Delivers in order in each direction, the directions interleaved at random. */
function talk(a: Side, b: Side, random: Random): void {
  let [toB, toA] = [0, 0];
  while (toB < a.sent.length || toA < b.sent.length) {
    if (toB < a.sent.length && (toA >= b.sent.length || random.chance(0.5))) b.hear(a.sent[toB++] ?? null);
    else a.hear(b.sent[toA++] ?? null);
  }
}

test('two honest sides end with the same digest, in whatever order their frames travel', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const [a, b] = [new Side({ nonce: `a${seed}` }), new Side({ nonce: `b${seed}` })];
    talk(a, b, seeded(seed));
    expect(a.state.step, `seed ${seed}`).toEqual({ kind: 'done', digest: `a${seed},b${seed}` });
    expect(b.state.step, `seed ${seed}`).toEqual(a.state.step);
  }
});

test('two who both have the code of an earlier connection keep it, and reveal nothing', () => {
  const kept = 'k'.repeat(64);
  const [a, b] = [new Side({ nonce: 'a', kept }), new Side({ nonce: 'b', kept })];
  talk(a, b, seeded(1));
  expect([a.state.step, b.state.step]).toEqual(Array(2).fill({ kind: 'done', digest: kept }));
  expect([a.revealed, b.revealed]).toEqual([false, false]);
});

test('when one side has lost the code, or has another one, both make a new one', () => {
  for (const theirs of [null, 'x'.repeat(64)]) {
    const [a, b] = [new Side({ nonce: 'a', kept: 'k'.repeat(64) }), new Side({ nonce: 'b', kept: theirs })];
    talk(a, b, seeded(1));
    expect([a.state.step, b.state.step]).toEqual(Array(2).fill({ kind: 'done', digest: 'a,b' }));
  }
});

test('a nonce that is not what was committed breaks the exchange', () => {
  const a = new Side({ nonce: 'a' });
  a.hear(commitFrame('b'));
  a.hear({ step: 'reveal', nonce: 'chosen after seeing ours' });
  expect(a.state.step).toEqual({ kind: 'broken', rule: 'not-what-was-committed' });
});

test('a nonce before a commitment breaks the exchange, and ours stays ours', () => {
  const a = new Side({ nonce: 'a' });
  a.hear({ step: 'reveal', nonce: 'b' });
  expect(a.state.step).toEqual({ kind: 'broken', rule: 'out-of-order' });
  expect(a.revealed).toBe(false);
});

test('our own commitment thrown back breaks the exchange, and ours stays ours', () => {
  const a = new Side({ nonce: 'a' });
  a.hear(a.sent[0] ?? null);
  expect(a.state.step).toEqual({ kind: 'broken', rule: 'echo' });
  expect(a.revealed).toBe(false);
});

test.each([
  ['a second commitment', [commitFrame('b'), commitFrame('c')]],
  ['the same commitment again', [commitFrame('b'), commitFrame('b')]],
  ['a second nonce', [commitFrame('b'), reveal('b'), reveal('b')]],
  ['a commitment after the end', [commitFrame('b'), reveal('b'), commitFrame('c')]],
] as const)('%s breaks the exchange', (_, frames) => {
  const a = new Side({ nonce: 'a' });
  for (const frame of frames) a.hear(frame);
  expect(a.state.step).toEqual({ kind: 'broken', rule: 'out-of-order' });
});

test('a malformed frame breaks the exchange at every step', () => {
  for (const before of [[], [commitFrame('b')], [commitFrame('b'), reveal('b')]]) {
    const a = new Side({ nonce: 'a' });
    for (const frame of before) a.hear(frame);
    a.hear(null);
    expect(a.state.step).toEqual({ kind: 'broken', rule: 'malformed' });
  }
});

test('what is broken stays broken', () => {
  const a = new Side({ nonce: 'a' });
  a.hear(null);
  const { state } = a;
  for (const frame of [commitFrame('b'), reveal('b')]) a.hear(frame);
  a.on({ type: 'late' });
  expect(a.state).toBe(state);
  expect(a.sent).toHaveLength(1);
});

test('an answer that comes late is an answer', () => {
  const a = new Side({ nonce: 'a' });
  a.on({ type: 'late' });
  expect(a.state.late).toBe(true);
  a.hear(commitFrame('b'));
  a.hear(reveal('b'));
  expect(a.state).toMatchObject({ step: { kind: 'done' }, late: false });
  a.on({ type: 'late' });
  expect(a.state.late).toBe(false);
});

test('whatever a hostile peer sends: no nonce before it is bound, one at most, and no code but by what it was bound to', () => {
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = seeded(seed);
    const a = new Side({ nonce: 'a', kept: random.chance(0.5) ? 'k'.repeat(64) : null });
    const heard: Frame[] = [];
    for (let i = 0; i < 5; i++) {
      const nonce = 'abcd'.charAt(random.below(4));
      const frame: Frame | null = [
        commitFrame(nonce, random.chance(0.3) ? 'k'.repeat(32) : null),
        reveal(nonce),
        null,
      ][random.below(5) % 3] as Frame | null;
      if (frame) heard.push(frame);
      a.hear(frame);
      const bound = heard[0]?.step === 'commit' && heard[0].commitment !== commit('a');
      if (a.revealed) expect(bound, `seed ${seed}`).toBe(true);
      expect(a.sent.length, `seed ${seed}`).toBeLessThanOrEqual(2);
      if (a.state.step.kind !== 'done' || !a.revealed) continue;
      const [first, second] = heard;
      expect(first, `seed ${seed}`).toMatchObject({
        commitment: commit((second as { nonce: string }).nonce),
      });
    }
  }
});

test('somebody in between has two codes: each leg is bound before the other one is known', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const [a, b] = [new Side({ nonce: `a${seed}` }), new Side({ nonce: `b${seed}` })];
    const [legA, legB] = [new Side({ nonce: `m${seed}` }), new Side({ nonce: `w${seed}` })];
    talk(a, legA, random);
    talk(b, legB, random);
    const digests = [a, b].map(({ state }) => state.step.kind === 'done' && state.step.digest);
    expect(digests[0], `seed ${seed}`).not.toBe(digests[1]);
  }
});

function reveal(nonce: string): Frame {
  return { step: 'reveal', nonce };
}
