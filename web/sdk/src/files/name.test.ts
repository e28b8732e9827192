import { expect, test } from 'vitest';
import { seeded } from '../testing/random.ts';
import { safeName, safeType } from './name.ts';

test.each([
  ['report.pdf', 'report.pdf'],
  ['Bär 👩‍👩‍👧 🎈.png', 'Bär 👩‍👩‍👧 🎈.png'],
  ['../../.ssh/authorized_keys', 'authorized_keys'],
  ['C:\\Windows\\system32\\calc.exe', 'calc.exe'],
  ['annexe\u202egpj.exe', 'annexe\ufffdgpj.exe'],
  ['a\u0000b\nc.txt', 'a\ufffdb\ufffdc.txt'],
  ['.bashrc', '_bashrc'],
  ['..', '_'],
  ['', 'file'],
  ['  ', '_'],
  ['a<b>:"|?*.txt', 'a_b______.txt'],
  ['trailing. . ', 'trailing_'],
  ['lone \ud800 half', 'lone \ufffd half'],
])('%j is shown and saved as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('a long name keeps its ending', () => {
  const safe = safeName(`${'長'.repeat(400)}.tar.gz`);
  expect([...safe]).toHaveLength(180);
  expect(safe).toMatch(/…\.gz$/u);
});

test('no name has a path, anything invisible, or nothing in it', () => {
  const random = seeded(3);
  for (let round = 0; round < 5_000; round++) {
    const name = String.fromCharCode(...Array.from({ length: random.below(40) }, () => random.below(0x3000)));
    const safe = safeName(name);
    expect(safe).toMatch(
      /^[^/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069.][^/\\\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u,
    );
  }
});

test.each([
  ['image/PNG', 'image/png'],
  ['application/vnd.ms-excel', 'application/vnd.ms-excel'],
  ['text/html; charset=utf-8', ''],
  ['javascript:alert(1)', ''],
  ['<b>/x', ''],
])('the type %j is taken for %j', (claimed, safe) => {
  expect(safeType(claimed)).toBe(safe);
});
