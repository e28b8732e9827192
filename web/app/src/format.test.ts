import { expect, test } from 'vitest';
import { ago, clock, initials, isoDuration } from './format.ts';

test.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [723_000, '12:03'],
  [3_723_000, '1:02:03'],
  [90_000_000, '25:00:00'],
  [-5, '0:00'],
])('%i ms on a clock are %s', (ms, shown) => expect(clock(ms)).toBe(shown));

test.each([
  [3_723_000, 'PT1H2M3S'],
  [0, 'PT0H0M0S'],
])('%i ms for machines are %s', (ms, iso) => expect(isoDuration(ms)).toBe(iso));

test.each([
  ['Anna Lindqvist', 'AL'],
  ['anna', 'A'],
  ['Ana María de la Cruz', 'AM'],
  ['李雷', '李'],
  ['👩🏽‍🎨 Painter', '👩🏽‍🎨P'],
  ['  ', ''],
  [null, ''],
])('%o has the initials %o', (name, letters) => expect(initials(name)).toBe(letters));

test.each([
  [20_000, 'this minute'],
  [5 * 60_000, '5 minutes ago'],
  [3 * 3_600_000, '3 hours ago'],
  [26 * 3_600_000, 'yesterday'],
  [13 * 86_400_000, '13 days ago'],
  [30 * 86_400_000, '4 weeks ago'],
  [-60_000, 'this minute'],
])('%i ms before now is %s', (passed, words) =>
  expect(ago(1_000_000_000_000 - passed, 1_000_000_000_000, 'en')).toBe(words),
);
