import { describe, expect, test } from 'vitest';
import { pathOf, placeOf, roomIn } from './address.ts';

describe('the place that a path names', () => {
  test('the root is the start page', () => expect(placeOf('/')).toEqual({ kind: 'start' }));
  test('what follows /r/ is a room', () =>
    expect(placeOf('/r/7k3qm-x0v2d')).toEqual({ kind: 'room', room: '7k3qm-x0v2d' }));
  test('a slash at the end does no harm', () =>
    expect(placeOf('/r/ours/')).toEqual({ kind: 'room', room: 'ours' }));
  test('room names are decoded', () =>
    expect(placeOf('/r/k%C3%BCche')).toEqual({ kind: 'room', room: 'küche' }));
  test.each(['/r/', '/r/a/b', '/x', '/r/%E0%A4%A', '/r/%20', '/r/a%26b', `/r/${'a'.repeat(65)}`])(
    '%s is nowhere',
    (path) => expect(placeOf(path)).toEqual({ kind: 'nowhere' }),
  );
  test('the path of a room leads back to it', () => {
    for (const room of ['ours', 'küche', '妈妈', 'a-b_c.d~e', 'a'.repeat(64)])
      expect(placeOf(pathOf(room))).toEqual({ kind: 'room', room });
  });
});

describe('the room that somebody typed', () => {
  const here = 'https://talk.example';
  test('a name', () => expect(roomIn('  our-kitchen-table ', here)).toEqual({ room: 'our-kitchen-table' }));
  test('spaces become hyphens, so that the link stays whole in a chat', () =>
    expect(roomIn('our kitchen table', here)).toEqual({ room: 'our-kitchen-table' }));
  test('so does what no name may have', () =>
    expect(roomIn('Anna & Ben (100 %)!', here)).toEqual({ room: 'Anna-Ben-100' }));
  test('a link of this server', () =>
    expect(roomIn('https://talk.example/r/ours?x#y', here)).toEqual({ room: 'ours' }));
  test('a link of another server leads there', () =>
    expect(roomIn('https://else.example/r/ours', here)).toEqual({ link: 'https://else.example/r/ours' }));
  test('part of a link', () => expect(roomIn('/r/ours', here)).toEqual({ room: 'ours' }));
  test.each(['', '   ', 'https://talk.example/about', 'https://', '///', 'a'.repeat(65)])(
    '%o is none',
    (typed) => expect(roomIn(typed, here)).toBeNull(),
  );
});
