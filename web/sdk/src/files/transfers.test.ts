import { expect, test, vi } from 'vitest';
import { seeded } from '../testing/random.ts';
import { chainStart } from './chain.ts';
import { chainAt, chunkFrame, dataAt, writeFrame } from './frames.ts';
import { leastWindowBytes } from './pace.ts';
import { type FileStore, StorageError, type StoredFile } from './store.ts';
import { highWaterBytes, Transfers } from './transfers.ts';
import type { FileState } from './types.ts';

// Thousands of digests, each on another thread: how long that takes is the machine's business.
vi.setConfig({ testTimeout: 60_000 });

declare function setImmediate(run: () => void): void;

test('a file is offered, accepted, and arrives as it was', async () => {
  const pair = new Pair();
  const content = noise(60_000, 1);
  pair.alice.offer([new File([content], 'noise.bin', { type: 'application/x-noise' })]);
  await offered(pair);
  expect(pair.bob.list).toMatchObject([
    { name: 'noise.bin', size: 60_000, type: 'application/x-noise', state: { kind: 'offered' }, bytes: 0 },
  ]);
  expect(pair.store.files.size).toBe(0);

  pair.bob.accept(idOf(pair.bob));
  await until(() => done(pair.alice) && done(pair.bob));
  expect(await bytesOf(pair.bob.open(idOf(pair.bob)))).toEqual(content);
  expect(pair.alice.list).toMatchObject([{ bytes: 60_000 }]);
});

test.each([0, 1, 1024, 1025])('a file of %d bytes arrives', async (size) => {
  const pair = new Pair();
  const content = noise(size, 2);
  pair.alice.offer([new File([content], 'small')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => done(pair.alice) && done(pair.bob));
  expect(await bytesOf(pair.bob.open(idOf(pair.bob)))).toEqual(content);
});

test('five files in both directions arrive side by side, three of them at once', async () => {
  const pair = new Pair();
  const contents = [1, 2, 3, 4, 5].map((seed) => noise(10_000 + seed, seed));
  pair.alice.offer(contents.map((content, index) => new File([content], `${index}`)));
  pair.bob.offer([new File([noise(9, 9)], 'back')]);
  await offered(pair);
  for (const { id, direction } of pair.bob.list) if (direction === 'receiving') pair.bob.accept(id);
  for (const { id, direction } of pair.alice.list) if (direction === 'receiving') pair.alice.accept(id);
  await until(() => done(pair.alice) && done(pair.bob));
  const received = pair.bob.list.filter(({ direction }) => direction === 'receiving');
  const blobs = await Promise.all(received.map(({ id }) => bytesOf(pair.bob.open(id))));
  expect(blobs).toEqual(contents);
});

test('over channels that break anywhere and pages that reload, a file arrives as it was', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = seeded(seed);
    const pair = new Pair();
    const content = noise(10_000 + random.below(30_000), seed);
    pair.alice.offer([new File([content], 'x')]);
    await until(() => pair.bob.list.length === 1);
    pair.bob.accept(idOf(pair.bob));
    for (let breaks = random.below(8); breaks > 0; breaks--) {
      for (let turns = random.below(60); turns > 0; turns--) await turn();
      pair.breakOff();
      for (let turns = random.below(5); turns > 0; turns--) await turn();
      if (random.chance(0.5)) pair.reloadBob();
      pair.connect();
    }
    await until(() => done(pair.alice) && done(pair.bob), `seed ${seed}`);
    expect(await bytesOf(pair.bob.open(idOf(pair.bob))), `seed ${seed}`).toEqual(content);
  }
});

test('a file that was here in full before a reload is here after it, and is not sent again', async () => {
  const pair = new Pair();
  const content = noise(50_000, 1);
  pair.alice.offer([new File([content], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => done(pair.alice) && done(pair.bob));
  const before = pair.sent;
  pair.breakOff();
  pair.reloadBob();
  pair.connect();
  await until(() => done(pair.bob));
  expect(await bytesOf(pair.bob.open(idOf(pair.bob)))).toEqual(content);
  expect(pair.sent - before).toBeLessThan(1_000);
});

test('a file that was here in full and was lost is sent again to whoever wants it', async () => {
  const pair = new Pair();
  const content = noise(50_000, 1);
  pair.alice.offer([new File([content], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => done(pair.alice) && done(pair.bob));
  pair.breakOff();
  pair.store.files.clear();
  pair.reloadBob();
  pair.connect();
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => done(pair.alice) && done(pair.bob));
  expect(await bytesOf(pair.bob.open(idOf(pair.bob)))).toEqual(content);
});

test('what is here before a reload is not sent again', async () => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(100_000, 1)], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 50_000);
  pair.breakOff();
  const { bytes } = pair.bob.list[0] ?? { bytes: 0 };
  pair.reloadBob();
  const before = pair.sent;
  pair.connect();
  await until(() => done(pair.alice) && done(pair.bob));
  expect(pair.sent - before).toBeLessThan(100_000 - bytes + 20_000);
});

test('either side pauses, and each lifts its own pause only', async () => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(100_000, 1)], 'x')]);
  await offered(pair);
  const id = idOf(pair.bob);
  pair.bob.accept(id);
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 5_000);
  pair.bob.hold(id, true);
  pair.alice.hold(id, true);
  await until(() => isHeld(pair.alice, true, true) && isHeld(pair.bob, true, true));
  pair.bob.hold(id, false);
  await until(() => isHeld(pair.alice, true, false));
  expect(stateOf(pair.bob)).toEqual({ kind: 'paused', byMe: false, byPeer: true });
  // A pause outlives the connection.
  pair.breakOff();
  pair.connect();
  await until(() => isHeld(pair.bob, false, true));
  pair.alice.hold(id, false);
  await until(() => done(pair.alice) && done(pair.bob));
});

test.each(['alice', 'bob'] as const)('%s stops a file on its way', async (who) => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(500_000, 1)], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 5_000);
  pair[who].cancel(idOf(pair.bob));
  await bothFailed(pair);
  const [mine, theirs] = who === 'alice' ? [pair.alice, pair.bob] : [pair.bob, pair.alice];
  expect(stateOf(mine)).toEqual({ kind: 'failed', reason: 'cancelled-by-me' });
  expect(stateOf(theirs)).toEqual({ kind: 'failed', reason: 'cancelled-by-peer' });
  expect(pair.store.files.size).toBe(0);
});

test('a no is told, also when the channel broke before it arrived', async () => {
  const pair = new Pair();
  pair.alice.offer([new File(['x'], 'x')]);
  await offered(pair);
  pair.breakOff();
  pair.bob.cancel(idOf(pair.bob));
  pair.connect();
  await bothFailed(pair);
  expect(stateOf(pair.alice)).toEqual({ kind: 'failed', reason: 'declined-by-peer' });
});

test('a file that was changed after a part of it was sent is not patched together', async () => {
  const pair = new Pair();
  const file = new Changing(noise(200_000, 1), 'x');
  pair.alice.offer([file as unknown as File]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 5_000);
  file.gone = true;
  await bothFailed(pair);
  expect(stateOf(pair.alice)).toEqual({ kind: 'failed', reason: 'unreadable' });
  expect(stateOf(pair.bob)).toEqual({ kind: 'failed', reason: 'unreadable' });
});

test('a full disk ends the file on both sides', async () => {
  const pair = new Pair();
  pair.store.roomBytes = 30_000;
  pair.alice.offer([new File([noise(200_000, 1)], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await bothFailed(pair);
  expect(stateOf(pair.alice)).toEqual({ kind: 'failed', reason: 'no-room' });
  expect(stateOf(pair.bob)).toEqual({ kind: 'failed', reason: 'no-room' });
});

test('a file goes to the place that was chosen, over a broken channel', async () => {
  const pair = new Pair();
  const content = noise(50_000, 1);
  const place = { name: 'chosen' } as FileSystemFileHandle;
  pair.alice.offer([new File([content], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob), place);
  pair.bob.accept(idOf(pair.bob));
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 0);
  pair.breakOff();
  pair.connect();
  await until(() => done(pair.alice) && done(pair.bob));
  expect(pair.store.places).toEqual([place]);
  expect(pair.bob.list).toMatchObject([{ placed: true }]);
  expect(await bytesOf(pair.bob.open(idOf(pair.bob)))).toEqual(content);
});

test('a sender that was reloaded has the file no more, and both know', async () => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(100_000, 1)], 'x')]);
  await offered(pair);
  pair.bob.accept(idOf(pair.bob));
  await until(() => (pair.bob.list[0]?.bytes ?? 0) > 5_000);
  pair.breakOff();
  pair.reloadAlice();
  pair.connect();
  await until(() => stateOf(pair.bob)?.kind === 'failed');
  expect(stateOf(pair.bob)).toEqual({ kind: 'failed', reason: 'sender-gone' });
});

test('a byte that changed on the way ends the file', async () => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(100_000, 1)], 'x')]);
  await offered(pair);
  pair.tamper = (bytes) => {
    if (bytes.length > 1000) bytes[dataAt + 3] = (bytes[dataAt + 3] ?? 0) ^ 1;
  };
  pair.bob.accept(idOf(pair.bob));
  await bothFailed(pair);
  expect(stateOf(pair.bob)).toEqual({ kind: 'failed', reason: 'corrupt' });
  expect(stateOf(pair.alice)).toEqual({ kind: 'failed', reason: 'corrupt' });
});

test('chunks nobody asked for end their file', async () => {
  const pair = new Pair();
  pair.alice.offer([new File([noise(100_000, 1)], 'x')]);
  await offered(pair);
  pair.bob.receive(chunkFrame(idOf(pair.bob), 1024).buffer);
  expect(stateOf(pair.bob)).toEqual({ kind: 'failed', reason: 'breach' });
  pair.bob.receive(chunkFrame('ab'.repeat(16), 1024).buffer);
  expect(pair.bob.dropped).toBeGreaterThan(0);
});

test('offers without end are not kept without end', async () => {
  const pair = new Pair();
  for (let round = 0; round < 5_000; round++) {
    const id = round.toString(16).padStart(32, '0');
    const file = { name: 'x', type: '', size: 1, chunkBytes: 1024 };
    pair.bob.receive(writeFrame({ type: 'offer', id, file }).buffer);
    if (round % 2) pair.bob.receive(writeFrame({ type: 'end', id, reason: 'cancelled' }).buffer);
  }
  expect(pair.bob.list.length).toBeLessThanOrEqual(501);
  expect(pair.bob.dropped).toBeGreaterThan(3_000);
});

test('whatever comes in, nothing throws and the good file beside it arrives', async () => {
  const pair = new Pair();
  const random = seeded(11);
  const content = noise(100_000, 1);
  pair.alice.offer([new File([content], 'good')]);
  await offered(pair);
  const good = idOf(pair.bob);
  pair.bob.accept(good);
  pair.bob.receive('text');
  pair.bob.receive(null);
  pair.bob.receive(new ArrayBuffer(1024 * 1024));
  for (let round = 0; round < 900; round++) {
    const bytes = Uint8Array.from({ length: random.below(80) }, () => random.below(256));
    // Any frame, but none about the good file.
    bytes[0] = 1 + random.below(9);
    pair.bob.receive(bytes.buffer);
    if (round % 50 === 0) await turn();
  }
  await until(() => pair.alice.list[0]?.state.kind === 'done');
  expect(await bytesOf(pair.bob.open(good))).toEqual(content);
});

test('no more is under way unconfirmed than the least window, whatever the channel would take', async () => {
  const { channel, confirm } = await sender();
  await until(() => channel.chunks === leastWindowBytes / bigChunk);
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(channel.chunks).toBe(leastWindowBytes / bigChunk);
  confirm();
  await until(() => channel.chunks > leastWindowBytes / bigChunk);
});

test('the channel is filled up to the mark, and again when it has drained', async () => {
  const { alice, channel, confirm } = await sender();
  const fill = async () => {
    await until(() => {
      confirm();
      return channel.bufferedAmount >= highWaterBytes;
    });
    for (let turns = 0; turns < 50; turns++) {
      confirm();
      await turn();
    }
    expect(channel.bufferedAmount).toBeLessThan(highWaterBytes + bigChunk + 100);
  };
  await fill();
  channel.bufferedAmount = 0;
  alice.drained();
  await fill();
});

test('words that confirm are no flood, however many there are, and the last one is heard', async () => {
  const { alice, channel, confirm } = await sender(1024, 2_000);
  await until(() => {
    channel.bufferedAmount = 0;
    confirm();
    return channel.chunks === 2_000;
  });
  confirm('complete');
  expect(stateOf(alice)).toEqual({ kind: 'done' });
  expect(alice.dropped).toBe(0);
});

const bigChunk = 16 * 1024;

/** Somebody whose file was accepted, over a channel that only counts; `confirm` is the receiver's word for every chunk alone. */
async function sender(chunkBytes = bigChunk, chunks = 400) {
  const channel = {
    bufferedAmount: 0,
    chunks: 0,
    chain: new Uint8Array(32),
    send: (data: Uint8Array) => {
      channel.bufferedAmount += data.length;
      if (data[0] !== 3) return;
      channel.chunks++;
      channel.chain = data.slice(chainAt, dataAt);
    },
  };
  const alice = new Transfers({ store: new KeptStore(), now: () => 0, chunkBytes, onChange: () => {} });
  alice.connect(channel);
  alice.offer([new File([noise(chunks * chunkBytes, 1)], 'x')]);
  const { id, size } = alice.list[0] ?? { id: '', size: 0 };
  const chain = await chainStart(id, { name: '', type: '', size, chunkBytes });
  const limit = 1_000_000;
  alice.receive(writeFrame({ type: 'accept', id, next: 0, limit, chain }).buffer);
  let confirmed = 0;
  const confirm = (type: 'progress' | 'complete' = 'progress') => {
    while (confirmed < channel.chunks)
      alice.receive(writeFrame({ type: 'progress', id, next: ++confirmed, limit }).buffer);
    if (type === 'complete') alice.receive(writeFrame({ type, id, chain: channel.chain }).buffer);
  };
  return { alice, channel, confirm };
}

// --- Two pages and the channel between them

class Pair {
  readonly store = new KeptStore();
  alice: Transfers;
  bob: Transfers;
  tamper: (bytes: Uint8Array) => void = () => {};
  sent = 0;
  buffered = 0;
  #waiting: (() => void)[] = [];
  #generation = 0;

  constructor() {
    this.alice = this.#page(new KeptStore());
    this.bob = this.#page(this.store);
    this.connect();
  }

  connect(): void {
    const generation = ++this.#generation;
    this.alice.connect(
      this.#channel(
        generation,
        () => this.bob,
        () => this.alice,
      ),
    );
    this.bob.connect(
      this.#channel(
        generation,
        () => this.alice,
        () => this.bob,
      ),
    );
  }

  breakOff(): void {
    this.#generation++;
    this.#waiting = [];
    this.buffered = 0;
    this.alice.connect(null);
    this.bob.connect(null);
  }

  reloadAlice(): void {
    this.alice = this.#page(new KeptStore());
  }

  reloadBob(): void {
    this.store.page++;
    this.bob = this.#page(this.store);
  }

  deliver(): void {
    for (const run of this.#waiting.splice(0)) run();
  }

  #page(store: FileStore): Transfers {
    return new Transfers({ store, now: () => 0, chunkBytes: 1024, onChange: () => {} });
  }

  #channel(generation: number, to: () => Transfers, from: () => Transfers) {
    const pair = this;
    return {
      get bufferedAmount() {
        return pair.buffered;
      },
      send(data: Uint8Array<ArrayBuffer>) {
        const bytes = data.slice();
        pair.tamper(bytes);
        pair.sent += bytes.length;
        pair.buffered += bytes.length;
        pair.#waiting.push(() => {
          pair.buffered -= bytes.length;
          if (generation !== pair.#generation) return;
          to().receive(bytes.buffer);
          from().drained();
        });
        setImmediate(() => pair.deliver());
      },
    };
  }
}

/** Survives its page, as a disk does. */
class KeptStore implements FileStore {
  readonly files = new Map<string, { parts: Uint8Array[]; chain: Uint8Array | null }>();
  readonly places: FileSystemFileHandle[] = [];
  roomBytes = Number.POSITIVE_INFINITY;
  page = 0;

  has(id: string): Promise<boolean> {
    return Promise.resolve(this.files.has(id));
  }

  open(id: string, _file: unknown, place?: FileSystemFileHandle): Promise<StoredFile> {
    if (place) this.places.push(place);
    const kept = this.files.get(id) ?? { parts: [], chain: null };
    this.files.set(id, kept);
    const { page } = this;
    return Promise.resolve({
      next: kept.parts.length,
      chain: kept.chain,
      append: async (frame: Uint8Array<ArrayBuffer>, next: number, chain: Uint8Array) => {
        await turn();
        // A page that is gone writes no more.
        if (page !== this.page) return new Promise<void>(() => {});
        if (next !== kept.parts.length + 1) throw new Error('out of order');
        if (next * 1024 > this.roomBytes) throw new StorageError('no-room', 'full');
        kept.parts.push(frame.slice(dataAt));
        kept.chain = chain;
      },
      finish: () => Promise.resolve(new Blob(kept.parts as BlobPart[])),
      discard: () => {
        if (page === this.page) this.files.delete(id);
      },
    });
  }
}

/** A file that somebody changes on the disk: reading it again fails, as browsers do it. */
class Changing extends File {
  gone = false;

  constructor(content: Uint8Array<ArrayBuffer>, name: string) {
    super([content], name);
  }

  override slice(from?: number, to?: number): Blob {
    const part = super.slice(from, to);
    if (this.gone) part.arrayBuffer = () => Promise.reject(new DOMException('changed', 'NotReadableError'));
    return part;
  }
}

function noise(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seeded(seed);
  return Uint8Array.from({ length: size }, () => random.below(256));
}

async function bytesOf(blob: Blob | null): Promise<Uint8Array> {
  return new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
}

const idOf = ({ list }: Transfers) => list[0]?.id ?? '';
const stateOf = ({ list }: Transfers): FileState | undefined => list[0]?.state;
const done = ({ list }: Transfers) => list.length > 0 && list.every(({ state }) => state.kind === 'done');
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const isHeld = (page: Transfers, byMe: boolean, byPeer: boolean) => {
  const state = stateOf(page);
  return state?.kind === 'paused' && state.byMe === byMe && state.byPeer === byPeer;
};
const offered = (pair: Pair) => until(() => pair.bob.list.length >= pair.alice.list.length);
const bothFailed = ({ alice, bob }: Pair) =>
  until(() => [alice, bob].every((page) => stateOf(page)?.kind === 'failed'));

async function until(condition: () => boolean, what = 'it happens'): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await turn();
  }
}
