import { expect, test } from 'vitest';
import { parseRecent, type RecentCall, withCall, withoutRoom } from './recent.ts';

const call = (room: string, at = 0): RecentCall => ({ room, name: null, at });

test('the newest call is on top, and there once', () => {
  const list = withCall([call('a', 1), call('b', 2)], call('b', 3));
  expect(list).toEqual([call('b', 3), call('a', 1)]);
});

test('five calls are kept', () => {
  const list = ['a', 'b', 'c', 'd', 'e', 'f'].reduce<readonly RecentCall[]>(
    (all, room) => withCall(all, call(room)),
    [],
  );
  expect(list.map(({ room }) => room)).toEqual(['f', 'e', 'd', 'c', 'b']);
});

test('a call can be forgotten', () => {
  expect(withoutRoom([call('a'), call('b')], 'a')).toEqual([call('b')]);
});

test.each([[null], ['x'], [{ room: 'a' }], [[{ room: 'a' }, 7, null, { room: '', name: null, at: 1 }]]])(
  'what makes no sense is no call: %o',
  (kept) => expect(parseRecent(kept)).toEqual([]),
);

test('what was kept comes back', () => {
  expect(parseRecent(JSON.parse(JSON.stringify([call('a', 5)])))).toEqual([call('a', 5)]);
});
