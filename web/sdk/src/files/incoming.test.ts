import { expect, test } from 'vitest';
import { type Incoming, type IncomingEvent, incoming, newIncoming, windowBytes } from './incoming.ts';

const file = { name: 'x', type: '', size: 10 * windowBytes, chunkBytes: windowBytes / 8 };

test('the sender has leave for one window, and for more as chunks are stored', () => {
  const page = moving();
  expect(page.sent()).toMatchObject([{ type: 'send-accept', next: 0, limit: 8 }]);
  page.on({ type: 'chunk', index: 0, length: file.chunkBytes });
  page.on({ type: 'stored', next: 1 });
  expect(page.sent()).toMatchObject([{ type: 'store' }, { frame: { type: 'progress', next: 1, limit: 9 } }]);
});

test.each([
  ['beyond the window', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  ['out of order', [1]],
  ['twice', [0, 0]],
])('a chunk %s ends the file', (_, indexes) => {
  const page = moving();
  for (const index of indexes) page.on({ type: 'chunk', index, length: file.chunkBytes });
  expect(page.state.outcome).toEqual({ kind: 'ended', reason: 'breach', byMe: true });
});

test('a chunk of the wrong length ends the file', () => {
  const page = moving();
  page.on({ type: 'chunk', index: 0, length: file.chunkBytes - 1 });
  expect(page.state.outcome).toMatchObject({ reason: 'breach' });
});

test('on a new channel nothing is asked for before all that came is stored', () => {
  const page = moving();
  page.on({ type: 'chunk', index: 0, length: file.chunkBytes });
  page.on({ type: 'closed' });
  page.on({ type: 'offered' });
  page.sent();
  page.on({ type: 'turn' });
  expect(page.sent()).toEqual([]);
  page.on({ type: 'stored', next: 1 });
  page.on({ type: 'turn' });
  expect(page.sent()).toMatchObject([{ type: 'send-accept', next: 1 }]);
});

function moving() {
  let state: Incoming = newIncoming('ab'.repeat(16), file);
  let effects: unknown[] = [];
  const page = {
    get state() {
      return state;
    },
    on(event: IncomingEvent) {
      const [after, more] = incoming(state, event, 0);
      state = after;
      effects.push(...more);
    },
    sent() {
      const sent = effects;
      effects = [];
      return sent;
    },
  };
  page.on({ type: 'offered' });
  page.on({ type: 'accept' });
  page.on({ type: 'storage-open', next: 0 });
  page.sent();
  page.on({ type: 'turn' });
  return page;
}
