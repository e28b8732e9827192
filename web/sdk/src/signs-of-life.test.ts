import { expect, test } from 'vitest';
import { SignsOfLife } from './signs-of-life.ts';

test('bytes of the transport are signs of life, and answers to checks of the pair in use', () => {
  const signs = new SignsOfLife();
  const count = (bytes: number, answers: number, others: number) =>
    signs.count(
      report(
        { type: 'transport', id: 'T', bytesReceived: bytes, selectedCandidatePairId: 'P' },
        { type: 'candidate-pair', id: 'P', responsesReceived: answers },
        { type: 'candidate-pair', id: 'other', responsesReceived: others },
      ),
    );
  const first = count(900, 4, 1);
  expect(count(900, 4, 7)).toBe(first);
  const second = count(900, 5, 7);
  expect(second).toBeGreaterThan(first);
  expect(count(901, 5, 7)).toBeGreaterThan(second);
});

test('where only pairs are counted, those that come and go with their counts are none', () => {
  const signs = new SignsOfLife();
  const pair = (id: string, bytesReceived: number) => ({ type: 'candidate-pair', id, bytesReceived });
  const first = signs.count(report(pair('old', 5_000)));
  expect(signs.count(report(pair('new', 0)))).toBe(first);
  expect(signs.count(report(pair('old', 5_000), pair('new', 0)))).toBe(first);
  expect(signs.count(report(pair('old', 5_000), pair('other', 7_000)))).toBe(first);
  expect(signs.count(report(pair('old', 5_001)))).toBeGreaterThan(first);
});

function report(...entries: { readonly id: string; readonly [name: string]: unknown }[]) {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
