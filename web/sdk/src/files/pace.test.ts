import { expect, test } from 'vitest';
import { leastWindowBytes, mostWindowBytes, Pace } from './pace.ts';

const chunk = 60 * 1024;

test.each([
  // rate in bytes per ms, round trip in ms
  ['a fast path near by', 50_000, 2],
  ['a fast path far away', 10_000, 200],
  ['a slow path far away', 1_000, 100],
  ['a path that holds more than anybody may send', 100_000, 300],
])('%s is filled and not flooded', (_, bytesPerMs, roundTripMs) => {
  const { pace, bytesArrived } = fly(bytesPerMs, roundTripMs, 20_000);
  const held = bytesPerMs * roundTripMs;
  expect(pace.windowBytes).toBeGreaterThanOrEqual(
    Math.min(mostWindowBytes, Math.max(leastWindowBytes, held)),
  );
  expect(pace.windowBytes).toBeLessThanOrEqual(Math.max(leastWindowBytes, 2 * held + 4 * chunk));
  const possible = Math.min(bytesPerMs, mostWindowBytes / roundTripMs) * 20_000;
  expect(bytesArrived).toBeGreaterThan(0.9 * possible);
});

test('a longer path in place of a short one is found out', () => {
  const { pace, continueOn } = fly(10_000, 10, 5_000);
  expect(pace.windowBytes).toBeLessThan(500_000);
  expect(continueOn(10_000, 200, 60_000).pace.windowBytes).toBeGreaterThan(1_500_000);
});

test('what will never be confirmed holds nothing up', () => {
  const pace = new Pace();
  for (let next = 1; pace.open; next++) pace.sent('a', next, chunk, 0);
  pace.forget('a');
  expect(pace.open).toBe(true);
});

test('each file lands on its own', () => {
  const pace = new Pace();
  for (let next = 1; pace.open; next++) pace.sent(next % 2 ? 'a' : 'b', next, chunk, 0);
  pace.confirmed('b', 1, 5);
  expect(pace.open).toBe(false);
  pace.confirmed('a', 1, 5);
  expect(pace.open).toBe(true);
});

/** A path with one queue: each chunk takes its time on it, and the word back the rest of the round trip. */
function fly(bytesPerMs: number, roundTripMs: number, ms: number) {
  const pace = new Pace();
  const flying: { next: number; confirmedAt: number }[] = [];
  let [now, next, freeAt, bytesArrived] = [0, 0, 0, 0];
  const go = (rate: number, roundTrip: number, until: number) => {
    for (; now < until; now++) {
      while ((flying[0]?.confirmedAt ?? until) <= now) {
        pace.confirmed('x', flying.shift()?.next ?? 0, now);
        bytesArrived += chunk;
      }
      while (pace.open) {
        next++;
        pace.sent('x', next, chunk, now);
        freeAt = Math.max(freeAt, now) + chunk / rate;
        flying.push({ next, confirmedAt: freeAt + roundTrip });
      }
    }
    return { pace, bytesArrived, continueOn: (r: number, t: number, more: number) => go(r, t, now + more) };
  };
  return go(bytesPerMs, roundTripMs, ms);
}
