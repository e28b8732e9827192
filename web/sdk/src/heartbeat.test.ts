import { expect, test } from 'vitest';
import {
  type Heartbeat,
  type HeartbeatEffect,
  type HeartbeatEvent,
  heartbeat,
  newHeartbeat,
  tickMs,
} from './heartbeat.ts';

test('a beat goes out four times a second', () => {
  const side = new Side();
  const sent = side.run(1_000).filter(({ type }) => type === 'send');
  expect(sent).toHaveLength(4);
});

test('a beat that comes makes it alive, and each one confirms it', () => {
  const side = new Side();
  for (let i = 0; i < 3; i++)
    expect(side.on({ type: 'beat', data: 1 })).toEqual([{ type: 'verdict', verdict: 'alive' }]);
});

test('before the first beat nothing is said', () => {
  const side = new Side();
  expect(side.run(10_000).filter(({ type }) => type !== 'send')).toEqual([]);
});

test('silence is a stall within 0.9 seconds', () => {
  const side = alive();
  const cutAt = side.now;
  side.run(2_000, { signs: () => 1_000 });
  expect(side.state.verdict).toBe('stalled');
  expect(side.changedAt - cutAt).toBeLessThanOrEqual(875);
});

test('that a stall may be beginning is said once, and a quarter of a second before', () => {
  const side = alive();
  const verdicts = (effects: readonly HeartbeatEffect[]) => effects.filter(({ type }) => type === 'verdict');
  expect(verdicts(side.run(500, { signs: () => 1_000 }))).toEqual([{ type: 'verdict', verdict: 'odd' }]);
  expect(verdicts(side.run(125, { signs: () => 1_000 }))).toEqual([]);
  side.on({ type: 'counted', signs: 1_001 });
  expect(verdicts(side.run(2_000, { signs: () => 1_001 }))).toEqual([
    { type: 'verdict', verdict: 'odd' },
    { type: 'verdict', verdict: 'stalled' },
  ]);
});

test('lost beats are no stall while media flows', () => {
  const side = alive();
  side.run(5_000, { signs: () => side.now * 10 });
  expect(side.state.verdict).toBe('alive');
});

test('a count that is late is no verdict', () => {
  const side = alive();
  side.run(375);
  side.on({ type: 'counted', signs: 1_000 });
  // The browser is busy.
  expect(side.run(1_000)).not.toContainEqual({ type: 'verdict', verdict: 'stalled' });
  expect(side.on({ type: 'counted', signs: 1_010 })).toEqual([{ type: 'verdict', verdict: 'alive' }]);
});

test('silence without a count is no verdict', () => {
  const side = alive();
  side.run(5_000);
  expect(side.state.verdict).toBe('alive');
});

test('the stall ends with the first beat, and with the first byte', () => {
  for (const sign of [
    { type: 'beat', data: 1 },
    { type: 'counted', signs: 1_001 },
  ] satisfies HeartbeatEvent[]) {
    const side = alive();
    side.run(3_000, { signs: () => 1_000 });
    expect(side.on(sign)).toEqual([{ type: 'verdict', verdict: 'alive' }]);
  }
});

test('a page in the background may be slower', () => {
  const side = alive();
  side.on({ type: 'beat', data: 1 | 2 });
  side.run(2_250, { signs: () => 1_000 });
  expect(side.state.verdict).toBe('alive');
  side.run(500, { signs: () => 1_000 });
  expect(side.state.verdict).toBe('stalled');
});

test('the other side that does not hear us stalls this side, too', () => {
  const side = alive();
  side.now += 250;
  expect(side.on({ type: 'beat', data: 0 })).toEqual([]);
  side.now += 250;
  expect(side.on({ type: 'beat', data: 0 })).toEqual([
    { type: 'verdict', verdict: 'odd' },
    { type: 'verdict', verdict: 'stalled' },
  ]);
  expect(side.on({ type: 'beat', data: 1 })).toEqual([{ type: 'verdict', verdict: 'alive' }]);
});

test('after a stall the other side has time to hear us before it may stall us again', () => {
  const side = alive();
  side.run(2_000, { signs: () => 1_000 });
  expect(side.on({ type: 'counted', signs: 1_001 })).toEqual([{ type: 'verdict', verdict: 'alive' }]);
  for (let i = 0; i < 3; i++) {
    side.now += 250;
    side.on({ type: 'beat', data: 0 });
    expect(side.state.verdict).toBe('alive');
  }
  side.now += 250;
  side.on({ type: 'beat', data: 0 });
  expect(side.state.verdict).toBe('stalled');
});

test('beats that waited on the way and come all at once say only once that we were not heard', () => {
  const side = alive();
  side.now += 1_000;
  for (let i = 0; i < 10; i++) {
    expect(side.on({ type: 'beat', data: 0 })).toEqual([]);
    side.now += 5;
  }
});

test('who hears nothing says so', () => {
  const side = alive();
  const early = side.run(500, { signs: () => 1_000 });
  const late = side.run(1_000, { signs: () => 1_000 }).slice(-4);
  expect(early).toContainEqual({ type: 'send', data: 1 });
  expect(late).toContainEqual({ type: 'send', data: 0 });
});

test('after a sleep it says so, and signs of life tell soon whether the path is still there', () => {
  for (const [signs, verdict] of [
    [1_001, 'alive'],
    [1_000, 'stalled'],
  ] as const) {
    const side = alive();
    side.now += 60_000;
    const woke = side.on({ type: 'tick', hidden: false });
    expect(woke).toContainEqual({ type: 'woke' });
    expect(woke).toContainEqual({ type: 'count' });
    side.on({ type: 'counted', signs: 1_000 });
    expect(side.state.verdict).toBe('alive');

    side.run(125);
    const told = side.on({ type: 'counted', signs });
    if (verdict === 'alive') expect(told).toEqual([{ type: 'verdict', verdict }]);
    side.run(125);
    side.on({ type: 'counted', signs });
    expect(side.state.verdict).toBe(verdict);
  }
});

test('a sleep in the middle of a stall does not end it: only hearing something does', () => {
  const side = alive();
  side.run(1_000, { signs: () => 1_000 });
  side.now += 60_000;
  expect(side.on({ type: 'tick', hidden: false })).not.toContainEqual({ type: 'verdict', verdict: 'alive' });
  expect(side.state.verdict).toBe('stalled');
  expect(side.on({ type: 'beat', data: 1 })).toEqual([{ type: 'verdict', verdict: 'alive' }]);
});

test('signs of life are counted only when beats are missing', () => {
  const side = alive();
  expect(side.run(5_000, { beats: () => true })).not.toContainEqual({ type: 'count' });
});

test('two sides with 160 ms between them are alive from the start and both stalled when cut', () => {
  const [a, b] = [new Side(), new Side()];
  const wire: { readonly at: number; readonly to: Side; readonly data: number }[] = [];
  const verdicts: string[] = [];
  const last = new Map<Side, string>();
  for (let now = 0; now < 6_000; now += 5) {
    const up = now < 3_000;
    for (const [me, other] of [
      [a, b],
      [b, a],
    ] as const) {
      me.now = now;
      const due = wire.filter(({ at, to }) => to === me && at === now);
      const effects = [
        ...due.flatMap(({ data }) => me.on({ type: 'beat', data })),
        // Opened half a round trip apart.
        ...(now % tickMs === (me === a ? 0 : 80) % tickMs && now >= (me === a ? 0 : 80)
          ? me.on({ type: 'tick', hidden: false })
          : []),
      ];
      if (effects.some(({ type }) => type === 'count')) effects.push(...me.on({ type: 'counted', signs: 7 }));
      for (const effect of effects) {
        if (effect.type === 'send' && up) wire.push({ at: now + 80, to: other, data: effect.data });
        if (effect.type === 'verdict' && last.get(me) !== effect.verdict)
          verdicts.push(`${me === a ? 'a' : 'b'} ${effect.verdict}`);
        if (effect.type === 'verdict') last.set(me, effect.verdict);
      }
    }
  }
  expect(verdicts.slice(0, 2).sort()).toEqual(['a alive', 'b alive']);
  expect(verdicts.slice(2).sort()).toEqual(['a odd', 'a stalled', 'b odd', 'b stalled']);
});

class Side {
  state: Heartbeat = newHeartbeat(0);
  now = 0;
  changedAt = 0;

  on(event: HeartbeatEvent): readonly HeartbeatEffect[] {
    const [state, effects] = heartbeat(this.state, event, this.now);
    if (state.verdict !== this.state.verdict) this.changedAt = this.now;
    this.state = state;
    return effects;
  }

  /** Ticks for a while; beats and counts of signs of life come as told. */
  run(ms: number, world: { beats?: () => boolean; signs?: () => number } = {}): HeartbeatEffect[] {
    const effects: HeartbeatEffect[] = [];
    for (const end = this.now + ms; this.now < end; ) {
      this.now += tickMs;
      const answers = this.on({ type: 'tick', hidden: false });
      effects.push(...answers);
      if (world.beats?.()) effects.push(...this.on({ type: 'beat', data: 1 }));
      const signs = world.signs?.();
      if (signs !== undefined && answers.some(({ type }) => type === 'count'))
        effects.push(...this.on({ type: 'counted', signs }));
    }
    return effects;
  }
}

/** A side that has just heard a beat. */
function alive(): Side {
  const side = new Side();
  side.run(1_000, { beats: () => true });
  return side;
}
