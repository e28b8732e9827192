import { afterEach, expect, test, vi } from 'vitest';
import { DiskStore } from './disk-store.ts';

afterEach(() => vi.unstubAllGlobals());

const file = { name: 'x', type: '', size: 1_000_000_000, chunkBytes: 60 * 1024 };

test('a worker that could not be fetched is fetched again by the next one who asks', async () => {
  const workers = stubWorkers();
  const store = new DiskStore();
  const first = store.open('1', file);
  workers[0]?.onerror?.();
  await expect(first).rejects.toMatchObject({ reason: 'storage-failed' });

  const second = store.open('1', file);
  workers[1]?.answer({ next: 7, chain: null });
  await expect(second).resolves.toMatchObject({ next: 7 });
  expect(workers[0]?.terminated).toBe(true);
});

test('a full disk is told apart from one that fails', async () => {
  const workers = stubWorkers();
  const store = new DiskStore();
  const full = store.open('1', file);
  workers[0]?.answer(null, 'QuotaExceededError');
  await expect(full).rejects.toMatchObject({ reason: 'no-room' });
  const broken = store.open('2', file);
  workers[0]?.answer(null, 'InvalidStateError');
  await expect(broken).rejects.toMatchObject({ reason: 'storage-failed' });
});

test('chunks that come while the worker has others make one trip, in order', async () => {
  const workers = stubWorkers();
  const opened = new DiskStore().open('1', file);
  workers[0]?.answer({ next: 0, chain: null });
  const stored = await opened;
  const append = (next: number) =>
    stored.append(new Uint8Array(53 + file.chunkBytes).fill(next), next, new Uint8Array(32).fill(next));
  const appended = [1, 2, 3].map(append);
  await vi.waitFor(() => expect(workers[0]?.request).toMatchObject({ op: 'append', at: 0, next: 3 }));
  const later = [4, 5].map(append);
  expect(workers[0]?.request).toMatchObject({ next: 3 });
  expect(chunksOf(workers[0])).toEqual([1, 2, 3]);

  workers[0]?.answer(undefined);
  await Promise.all(appended);
  expect(workers[0]?.request).toMatchObject({
    at: 3 * file.chunkBytes,
    next: 5,
    chain: new Uint8Array(32).fill(5),
  });
  expect(chunksOf(workers[0])).toEqual([4, 5]);
  workers[0]?.answer(undefined);
  await Promise.all(later);
});

test('what a worker could not write is told to everybody who waits for it, and to those behind', async () => {
  const workers = stubWorkers();
  const opened = new DiskStore().open('1', file);
  workers[0]?.answer({ next: 0, chain: null });
  const stored = await opened;
  const append = (next: number) => stored.append(new Uint8Array(53 + 10), next, new Uint8Array(32));
  const first = [append(1), append(2)];
  await vi.waitFor(() => expect(workers[0]?.request).toMatchObject({ next: 2 }));
  const behind = append(3);
  workers[0]?.answer(null, 'QuotaExceededError');
  const ends = await Promise.allSettled([...first, behind]);
  expect(ends.map((end) => end.status === 'rejected' && end.reason.reason)).toEqual(Array(3).fill('no-room'));
});

test('without a disk a small file is taken into memory, and a large one is not', async () => {
  const workers = stubWorkers();
  const store = new DiskStore();
  const small = store.open('1', { ...file, size: 1000 });
  workers[0]?.answer(null, 'SecurityError');
  const stored = await small;
  await stored.append(new Uint8Array(53 + 3).fill(5), 1, new Uint8Array(32));
  expect(await (await stored.finish()).text()).toBe('\u0005\u0005\u0005');

  const large = store.open('2', file);
  workers[0]?.answer(null, 'SecurityError');
  await expect(large).rejects.toMatchObject({ reason: 'storage-failed' });
});

interface FakeWorker {
  terminated: boolean;
  onerror: (() => void) | null;
  /** The last question, and what was given away with it. */
  request: unknown;
  transferred: readonly Transferable[];
  answer(value: unknown, error?: string): void;
}

/** What the chunks that were given to it are filled with. */
function chunksOf(worker: FakeWorker | undefined): (number | undefined)[] {
  if (!worker) throw new Error('no worker was started');
  const { chunks } = worker.request as { chunks: readonly Uint8Array[] };
  expect(worker.transferred).toEqual(chunks.map(({ buffer }) => buffer));
  return chunks.map((chunk) => (chunk.length === file.chunkBytes ? chunk[0] : undefined));
}

function stubWorkers(): FakeWorker[] {
  const workers: FakeWorker[] = [];
  vi.stubGlobal(
    'Worker',
    class {
      terminated = false;
      request: unknown;
      transferred: readonly Transferable[] = [];
      onmessage: ((event: { data: unknown }) => void) | null = null;
      onerror: (() => void) | null = null;
      #asked = 0;

      constructor() {
        workers.push(this);
      }

      postMessage(
        { number, request }: { number: number; request: unknown },
        transferred: readonly Transferable[],
      ): void {
        this.#asked = number;
        this.request = request;
        this.transferred = transferred;
      }

      answer(value: unknown, error?: string): void {
        this.onmessage?.({ data: { number: this.#asked, value, error } });
      }

      terminate(): void {
        this.terminated = true;
      }
    },
  );
  return workers;
}
