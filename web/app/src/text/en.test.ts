import { expect, test } from 'vitest';
import { en } from './en.ts';

test.each(Object.entries(en.problem.media))('%s is said of each device and of both', (_, words) => {
  const titles = (['camera', 'microphone', 'both'] as const).map((what) => words(what));
  for (const { title, body } of titles) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(body).toMatch(/^[A-Z].*\.$/);
    expect(title + body).not.toMatch(/undefined|null/);
  }
});

test('a way out is offered wherever trying again can help', () => {
  const final = Object.entries(en.problem.call).flatMap(([reason, words]) => (words.retry ? [] : [reason]));
  expect(final).toEqual(['forbidden', 'bad-room', 'unsupported-browser']);
});

test.each([
  [0, 1, 'You talked for 1 second.'],
  [0, 40, 'You talked for 40 seconds.'],
  [1, 61, 'You talked for 1 minute.'],
  [59, 3599, 'You talked for 59 minutes.'],
  [75, 4500, 'You talked for 1 hour and 15 minutes.'],
])('%i minutes (%i seconds) read: %s', (minutes, seconds, words) =>
  expect(en.end.talked(minutes, seconds)).toBe(words),
);
