import { expect, test } from 'vitest';
import { renewed } from './certificates.ts';
import { acquaintance, type Contact } from './contact.ts';

const contact: Contact = { fingerprint: 'b', next: null, compared: false, own: 'a', digest: 'd' };
const pair = { own: 'a', peer: 'b' };
const day = 24 * 3_600_000;

test('the other browser is known by its certificate', () => {
  expect(acquaintance(null, pair)).toBe('new');
  expect(acquaintance(contact, pair)).toBe('same');
  expect(acquaintance({ ...contact, compared: true }, pair)).toBe('compared');
  expect(acquaintance({ ...contact, compared: true }, { own: 'a', peer: 'c' })).toBe('changed');
});

test('one that announced its next certificate is known by that as well', () => {
  const announced = { ...contact, compared: true, next: 'c' };
  expect(acquaintance(announced, { own: 'a', peer: 'c' })).toBe('compared');
  expect(acquaintance(announced, { own: 'a', peer: 'd' })).toBe('changed');
});

test('a second tab of the same browser raises no alarm', () =>
  expect(acquaintance(contact, { own: 'a', peer: 'a' })).toBe('same'));

test.each([
  ['nothing was kept', null, { current: 'made', next: null }],
  ['it is good for long', { current: 300 }, { current: 300, next: null }],
  ['it expires in some weeks', { current: 60 }, { current: 60, next: 'made' }],
  ['its successor stands ready', { current: 60, next: 300 }, { current: 60, next: 300 }],
  ['it expires tomorrow', { current: 1, next: 300 }, { current: 300, next: null }],
  ['both have expired', { current: -30, next: -1 }, { current: 'made', next: null }],
] as const)('certificates, when %s', async (_, kept, expected) => {
  const of = (days: number | undefined) =>
    days === undefined ? null : { expires: days * day, name: days as number | string };
  const current = of(kept?.current);
  const next = of(kept && 'next' in kept ? kept.next : undefined);
  const found = await renewed(current && { current, next }, 0, async () => ({
    expires: 365 * day,
    name: 'made' as number | string,
  }));
  expect({ current: found.current.name, next: found.next?.name ?? null }).toEqual(expected);
});
