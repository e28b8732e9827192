import { expect, test } from 'vitest';
import { linked } from './links.ts';

const link = (text: string, href = text) => ({ text, href });

test.each([
  ['no link', ['no link']],
  ['see https://parley.example/r/x.', ['see ', link('https://parley.example/r/x'), '.']],
  ['(https://a.example/b)', ['(', link('https://a.example/b'), ')']],
  ['https://a.example/(b)', [link('https://a.example/(b)')]],
  [
    'http://a.example https://b.example/ü',
    [
      link('http://a.example', 'http://a.example/'),
      ' ',
      link('https://b.example/ü', 'https://b.example/%C3%BC'),
    ],
  ],
  ['HTTPS://A.example', [link('HTTPS://A.example', 'https://a.example/')]],
  ['javascript:alert(1)', ['javascript:alert(1)']],
  ['data:text/html,x file:///etc/passwd', ['data:text/html,x file:///etc/passwd']],
  ['https://bank.example@evil.example', ['https://bank.example@evil.example']],
  ['https://', ['https://']],
  ['<a href="https://a.example">', ['<a href="', link('https://a.example', 'https://a.example/'), '">']],
])('%j', (message, parts) => {
  expect(linked(message)).toEqual(parts);
});

test('an address ends where something invisible begins', () => {
  expect(linked('https://a.example/\u202egnp.exe')).toEqual([link('https://a.example/'), '\u202egnp.exe']);
});

test('whatever is said, the parts are the message again', () => {
  for (const message of [
    'https://a.example. https://b.example!',
    'x https://a.example)',
    '',
    'https://[::1]/ https://[x',
  ])
    expect(
      linked(message)
        .map((part) => (typeof part === 'string' ? part : part.text))
        .join(''),
    ).toBe(message);
});
