import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type SignalingEvent, type SocketLike, SocketSignaling } from './signaling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const welcome = {
  ok: true,
  room: 'r',
  self: { id: 'p1', seat: 1, role: 'polite' },
  peer: { id: 'p2', name: 'Anna', away: false, lobby: false },
  pending: [{ data: { kept: 1 }, from: 'p2', seq: 4 }],
  iceServers: [
    { urls: 'stun:example.org' },
    { urls: ['turn:example.org'], username: 'u', credential: 'c' },
    { urls: 7 },
  ],
  resume: 'token',
  seq: 4,
};

test('a seat is asked for with name and token, and comes with everything the call needs', () => {
  const { signaling, socket, events } = setUp();
  socket.open();
  signaling.join('old token', false);
  socket.reply('join', welcome);
  expect(socket.sent[0]).toEqual([
    'join',
    'r',
    { name: 'Ben', resume: 'old token', lastSeq: undefined, secret: expect.any(String) },
  ]);
  expect(events).toEqual([
    { type: 'signaling-opened' },
    {
      type: 'joined',
      seat: {
        polite: true,
        resume: 'token',
        iceServers: [
          { urls: ['stun:example.org'] },
          { urls: ['turn:example.org'], username: 'u', credential: 'c' },
        ],
      },
      peer: { id: 'p2', name: 'Anna', away: false, lobby: false },
      pending: [{ kept: 1 }],
    },
  ]);
});

test('from the lobby a provisional seat is asked for, without the name', () => {
  const { signaling, socket } = setUp();
  socket.open();
  signaling.join(null, true);
  expect(socket.sent[0]?.[2]).toMatchObject({ stage: 'lobby' });
  expect(socket.sent[0]?.[2]).not.toHaveProperty('name');
});

test('a seat that is made firm repeats nothing: neither what is under way nor what has come', () => {
  const { signaling, socket, events } = setUp();
  socket.open();
  signaling.join(null, true);
  socket.reply('join', welcome);
  signaling.send('under way');
  signaling.join('token', false);
  socket.receive('message', 'r', { kept: 2 }, { from: 'p2', seq: 5 });
  const sent = socket.sent.filter(([name]) => name === 'message');
  socket.reply('join', {
    ...welcome,
    pending: [
      { data: { kept: 2 }, from: 'p2', seq: 5 },
      { data: { kept: 3 }, from: 'p2', seq: 6 },
    ],
    seq: 6,
  });
  expect(socket.sent.filter(([name]) => name === 'message')).toEqual(sent);
  expect(events.at(-1)).toMatchObject({ type: 'joined', pending: [{ kept: 3 }] });
});

test('a refusal is told with its code', () => {
  const { signaling, socket, events } = setUp();
  socket.open();
  signaling.join(null, false);
  socket.reply('join', { ok: false, code: 'RATE_LIMITED', message: '', retryAfterMs: 900 });
  expect(events.at(-1)).toEqual({ type: 'refused', code: 'RATE_LIMITED', retryAfterMs: 900 });
});

test('an answer that is none counts as a failure of the server', () => {
  const { signaling, socket, events } = setUp();
  socket.open();
  signaling.join(null, false);
  socket.reply('join', null);
  expect(events.at(-1)).toEqual({ type: 'refused', code: 'INTERNAL', retryAfterMs: null });
});

test('what was not acknowledged goes out again, in order and before anything new, after the next join', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  signaling.send('two');
  socket.reply('message', { ok: true });
  socket.lose();
  signaling.send('three');

  const next = successor(sockets);
  inRoom(signaling, next);
  signaling.send('four');

  expect(next.messages()).toEqual(['two', 'three', 'four']);
});

test('what is forgotten does not go out again', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  signaling.forget();
  socket.lose();
  const next = successor(sockets);
  inRoom(signaling, next);
  expect(next.messages()).toEqual([]);
});

test('a message the server has no time for is sent again when it has', () => {
  const { signaling, socket } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  socket.reply('message', { ok: false, code: 'RATE_LIMITED', retryAfterMs: 500 });
  vi.advanceTimersByTime(499);
  expect(socket.messages()).toEqual(['one']);
  vi.advanceTimersByTime(1);
  expect(socket.messages()).toEqual(['one', 'one']);
});

test('a seat that was lost unnoticed is asked for again', () => {
  const { signaling, socket, events } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  socket.reply('message', { ok: false, code: 'NOT_IN_ROOM' });
  expect(events.at(-1)).toEqual({ type: 'signaling-opened' });
});

test('the next join says which message was the last', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  socket.receive('message', 'r', 'data', { from: 'p2', seq: 9 });
  socket.lose();
  const next = successor(sockets);
  next.open();
  signaling.join('token', false);
  expect(next.sent.at(-1)?.[2]).toMatchObject({ resume: 'token', lastSeq: 9 });
});

test('events of the room are told, those of other rooms are not', () => {
  const { signaling, socket, events } = setUp();
  inRoom(signaling, socket);
  events.length = 0;
  for (const room of ['other', 'r']) {
    socket.receive('peer-joined', room, { id: 'p2', name: null, away: false, lobby: false });
    socket.receive('peer-away', room, { id: 'p2' });
    socket.receive('peer-back', room, { id: 'p2' });
    socket.receive('peer-left', room, { id: 'p2', reason: 'lost' });
    socket.receive('ice-servers', room, [{ urls: 'stun:example.org' }]);
    socket.receive('replaced', room, {});
    socket.receive('displaced', room, {});
    socket.receive('room-error', room, { code: 'FORBIDDEN' });
  }
  expect(events).toEqual([
    { type: 'peer-joined', peer: { id: 'p2', name: null, away: false, lobby: false } },
    { type: 'peer-away' },
    { type: 'peer-back', peer: { id: 'p2', name: null, away: false, lobby: false } },
    { type: 'peer-left', reason: 'lost' },
    { type: 'ice-servers', iceServers: [{ urls: ['stun:example.org'] }] },
    { type: 'unseated', reason: 'replaced' },
    { type: 'unseated', reason: 'displaced' },
    { type: 'refused', code: 'FORBIDDEN', retryAfterMs: null },
  ]);
});

test('closing waits for the server to hear of it, but not for long', () => {
  for (const answered of [true, false]) {
    const { signaling, socket } = setUp();
    inRoom(signaling, socket);
    signaling.close();
    expect(socket.sent.at(-1)).toEqual(['leave', 'r']);
    expect(socket.connected).toBe(true);
    if (answered) socket.reply('leave', { ok: true });
    else vi.advanceTimersByTime(1_000);
    expect(socket.connected).toBe(false);
  }
});

test('a renewed connection takes over once it is up, and the former one is heard until the seat is taken', () => {
  const { signaling, socket, sockets, events } = setUp();
  inRoom(signaling, socket);
  socket.receive('message', 'r', 'first', { seq: 5 });
  signaling.send('unconfirmed');
  events.length = 0;

  signaling.renew(false);
  const [, newer] = sockets;
  if (!newer) throw new Error('renew() makes a socket');
  socket.receive('message', 'r', 'second', { seq: 6 });
  newer.open();
  socket.receive('replaced', 'r');
  socket.receive('message', 'r', 'third', { seq: 7 });
  signaling.join('token', false);
  expect(newer.sent).toEqual([
    ['join', 'r', { name: 'Ben', resume: 'token', lastSeq: 7, secret: expect.any(String) }],
  ]);
  newer.reply('join', { ...welcome, pending: [], seq: 7 });

  expect(socket.connected).toBe(false);
  expect(newer.messages()).toEqual(['unconfirmed']);
  expect(events.map((event) => (event.type === 'message' ? event.data : event.type))).toEqual([
    'second',
    'signaling-opened',
    'third',
    'joined',
  ]);
});

test('a connection that hangs gives way to the next, each with more time than the one before', () => {
  const { sockets } = setUp();
  const begun = [0];
  for (let ms = 50; ms <= 20_000; ms += 50) {
    vi.advanceTimersByTime(50);
    if (sockets.length > begun.length) begun.push(ms);
  }
  expect(begun.map((ms, i) => ms - (begun[i - 1] ?? 0))).toEqual([0, 5_000, 5_000, 5_000, 5_000]);
  expect(sockets.filter(({ dropped }) => !dropped)).toHaveLength(1);
});

test('where connections were fast before, one that hangs gives way soon', () => {
  const { signaling, socket, sockets } = setUp();
  vi.advanceTimersByTime(100);
  inRoom(signaling, socket);
  signaling.renew(false);
  const counts = [499, 1, 999, 1, 1_999, 1].map((ms) => {
    vi.advanceTimersByTime(ms);
    return sockets.length;
  });
  expect(counts).toEqual([2, 2, 3, 3, 4, 4].map((count, i) => count + (i % 2)));
});

test('a connection that had to wait for the line to be mended leaves the next one no more time', () => {
  const { signaling, socket, sockets } = setUp();
  vi.advanceTimersByTime(100);
  inRoom(signaling, socket);
  signaling.renew(false);
  vi.advanceTimersByTime(500 + 1_000 + 2_000 + 3_000);
  sockets.at(-1)?.open();
  signaling.renew(false);
  const before = sockets.length;
  vi.advanceTimersByTime(499);
  expect(sockets).toHaveLength(before);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(before + 1);
});

test('a refused connection is tried again after a pause', () => {
  const { socket, sockets } = setUp();
  socket.receive('connect_error');
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(sockets).toHaveLength(2);
});

test('a lost connection is made anew by itself', () => {
  const { signaling, socket, sockets, events } = setUp();
  inRoom(signaling, socket);
  socket.lose();
  vi.advanceTimersByTime(200);
  sockets[1]?.open();
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['signaling-lost', 'signaling-opened']);
});

test('a server that is about to stop is left for another one within the time it gives', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  socket.receive('draining', 'r', { withinMs: 10_000 });
  vi.advanceTimersByTime(5_000);
  expect(sockets.length).toBeGreaterThan(1);
  expect(socket.connected).toBe(true);
});

test('a seat that went to a given-up connection of our own is asked for again, one that went elsewhere is not', () => {
  const { signaling, socket, sockets, events } = setUp();
  socket.open();
  signaling.join('token', false);
  signaling.renew(false);
  const [, newer] = sockets;
  newer?.open();
  signaling.join('token', false);
  newer?.reply('join', welcome);
  events.length = 0;

  newer?.receive('replaced', 'r');
  expect(events.map(({ type }) => type)).toEqual(['signaling-opened']);
  signaling.join('token', false);
  newer?.reply('join', welcome);
  newer?.receive('replaced', 'r');
  expect(events.at(-1)).toEqual({ type: 'unseated', reason: 'replaced' });
});

test('another network is tried at once, whatever is on its way', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  signaling.renew(true);
  signaling.renew(false);
  expect(sockets).toHaveLength(2);
  signaling.renew(true);
  expect(sockets.map(({ dropped }) => dropped)).toEqual([false, true, false]);
});

test('after some tries in vain polling has its turn', () => {
  const { sockets, polling } = setUp();
  for (let i = 0; i < 5; i++) {
    sockets.at(-1)?.receive('connect_error');
    vi.advanceTimersByTime(2_000);
  }
  expect(polling).toEqual([false, false, false, true, false, true]);
});

test('where a WebSocket has come about, polling has its turn later', () => {
  const { signaling, socket, sockets, polling } = setUp();
  inRoom(signaling, socket);
  socket.lose();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(2_000);
    sockets.at(-1)?.receive('connect_error');
  }
  expect(polling.indexOf(true)).toBe(9);
  expect(polling[11]).toBe(true);
});

test('a server that confirms nothing for three round trips is tried over a new connection', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  vi.advanceTimersByTime(200);
  socket.reply('message', { ok: true });
  signaling.send('two');
  vi.advanceTimersByTime(599);
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(2);
});

test('a first join that is not answered in time is made again as the same participant, and asks for all that was kept', () => {
  const { signaling, socket, sockets } = setUp();
  socket.open();
  signaling.join(null, false);
  vi.advanceTimersByTime(1_500);
  const [, newer] = sockets;
  newer?.open();
  signaling.join(null, false);
  expect(newer?.sent).toEqual(socket.sent);
  expect(newer?.sent[0]?.[2]).toMatchObject({ lastSeq: 0, secret: expect.stringMatching(/^.{16,128}$/) });
});

test('a server that confirms everything is left in peace', () => {
  const { signaling, socket, sockets } = setUp();
  inRoom(signaling, socket);
  signaling.send('one');
  socket.reply('message', { ok: true });
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});

test('a message that comes over both connections is told once', () => {
  const { signaling, socket, events } = setUp();
  inRoom(signaling, socket);
  for (let i = 0; i < 2; i++) socket.receive('message', 'r', 'once', { seq: 5 });
  expect(events.filter(({ type }) => type === 'message')).toHaveLength(1);
});

function setUp() {
  const events: SignalingEvent[] = [];
  const options = {
    serverUrl: undefined,
    room: 'r',
    name: 'Ben',
    onEvent: (event: SignalingEvent) => void events.push(event),
  };
  const sockets: FakeSocket[] = [];
  const polling: boolean[] = [];
  const signaling = new SocketSignaling(options, (pollingFirst) => {
    polling.push(pollingFirst);
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  });
  signaling.open();
  const [socket] = sockets;
  if (!socket) throw new Error('open() makes a socket');
  return { socket, sockets, polling, events, signaling };
}

/** The connection made after the last one was lost. */
function successor(sockets: readonly FakeSocket[]): FakeSocket {
  const count = sockets.length;
  vi.advanceTimersByTime(200);
  const next = sockets[count];
  if (!next) throw new Error('a lost connection is made anew');
  return next;
}

function inRoom(signaling: SocketSignaling, socket: FakeSocket): void {
  socket.open();
  signaling.join(null, false);
  socket.reply('join', welcome);
}

class FakeSocket implements SocketLike {
  readonly sent: unknown[][] = [];
  connected = false;
  dropped = false;
  #replies: { readonly event: string; readonly reply: (payload: unknown) => void }[] = [];
  readonly #listeners = new Map<string, (...args: unknown[]) => void>();

  on(event: string, listener: (...args: unknown[]) => void): void {
    this.#listeners.set(event, listener);
  }

  emit(event: string, ...args: unknown[]): void {
    const reply = args.at(-1);
    if (typeof reply === 'function')
      this.#replies.push({ event, reply: reply as (payload: unknown) => void });
    this.sent.push([event, ...args.filter((arg) => typeof arg !== 'function')]);
  }

  connect(): void {}

  disconnect(): void {
    this.connected = false;
    this.dropped = true;
  }

  open(): void {
    this.connected = true;
    this.receive('connect');
  }

  lose(): void {
    this.connected = false;
    this.#replies = [];
    this.receive('disconnect');
  }

  /** Answers the oldest request of a kind. */
  reply(event: string, payload: unknown): void {
    const index = this.#replies.findIndex((waiting) => waiting.event === event);
    const [waiting] = this.#replies.splice(index, 1);
    waiting?.reply(payload);
  }

  receive(event: string, ...args: unknown[]): void {
    this.#listeners.get(event)?.(...args);
  }

  messages(): unknown[] {
    return this.sent.filter(([event]) => event === 'message').map(([, , data]) => data);
  }
}
