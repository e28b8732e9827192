import { expect, test } from 'vitest';
import { codeOf, commitmentOf, digestOf, nameOf } from './code.ts';
import { safetyEmoji } from './emoji.ts';

// The test vector of docs/protocol/data-channels.md.
const [fingerprintA, fingerprintB] = ['11'.repeat(32), 'ee'.repeat(32)];
const a = { fingerprint: fingerprintA, nonce: '01'.repeat(32) };
const b = { fingerprint: fingerprintB, nonce: '02'.repeat(32) };
const digest = '9c0636898f1d2c855e3cefaa20d9fe3ca2b158f44ea223c5773914c459cf72db';

test('commitments, digest and code are those of the test vector', async () => {
  expect(await commitmentOf(a, fingerprintB)).toBe(
    '5bc804bd87f57061b335e34d669846ec5bff0717b3dd46a5a88b4b9f527977c6',
  );
  expect(await commitmentOf(b, fingerprintA)).toBe(
    '3f2ae813ee814d9fa3af3e228cfb640db1e11b83c2be960516ddbacbfc19653a',
  );
  expect(await digestOf(a, b)).toBe(digest);
  expect(codeOf(digest)).toEqual({
    emoji: [39, 0, 24, 54].map((index) => safetyEmoji[index]),
    digits: '1906 3279',
  });
  expect(nameOf(digest)).toBe('a2b158f44ea223c5773914c459cf72db');
});

test('both sides get the same digest, and another nonce or certificate another one', async () => {
  expect(await digestOf(b, a)).toBe(digest);
  expect(await digestOf(a, { ...b, nonce: '03'.repeat(32) })).not.toBe(digest);
  expect(await digestOf(a, { ...b, fingerprint: '12'.repeat(32) })).not.toBe(digest);
});

test('a commitment is good in one direction only', async () => {
  const reflected = await commitmentOf({ ...a, fingerprint: fingerprintB }, fingerprintA);
  expect(reflected).not.toBe(await commitmentOf(a, fingerprintB));
});

test('there are 64 pictures, each with a symbol and a name of its own', () => {
  expect(safetyEmoji).toHaveLength(64);
  expect(new Set(safetyEmoji.map(({ symbol }) => symbol)).size).toBe(64);
  expect(new Set(safetyEmoji.map(({ name }) => name)).size).toBe(64);
  for (const [place, { index, symbol, name }] of safetyEmoji.entries()) {
    expect(index).toBe(place);
    expect(symbol).toMatch(/^\p{Emoji_Presentation}$/u);
    expect(name).toMatch(/^[a-z]+( [a-z]+)?$/);
  }
});

test('every picture comes at every place, and small numbers keep their zeros', () => {
  for (let index = 0; index < 64; index++) {
    const bits = (index * 0o1010101).toString(16).padStart(6, '0');
    const { emoji, digits } = codeOf(bits.padEnd(64, '0'));
    expect(emoji.map((one) => one.index)).toEqual([index, index, index, index]);
    expect(digits).toBe('0000 0000');
  }
});
