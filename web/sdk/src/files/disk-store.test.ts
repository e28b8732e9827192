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

test('the buffer of one chunk comes back for the next', async () => {
  const workers = stubWorkers();
  const opened = new DiskStore().open('1', file);
  workers[0]?.answer({ next: 0, chain: null });
  const stored = await opened;
  const given: ArrayBuffer[] = [];
  for (const next of [1, 2, 3]) {
    const appended = stored.append(new Uint8Array(53 + file.chunkBytes).fill(next), next, new Uint8Array(32));
    const [buffer] = workers[0]?.transferred ?? [];
    if (!(buffer instanceof ArrayBuffer)) throw new Error('nothing was given to the worker');
    expect(new Uint8Array(buffer)[file.chunkBytes - 1]).toBe(next);
    given.push(buffer);
    workers[0]?.answer(buffer);
    await appended;
  }
  expect(new Set(given).size).toBe(1);
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
  /** With the last question. */
  transferred: readonly Transferable[];
  answer(value: unknown, error?: string): void;
}

function stubWorkers(): FakeWorker[] {
  const workers: FakeWorker[] = [];
  vi.stubGlobal(
    'Worker',
    class {
      terminated = false;
      transferred: readonly Transferable[] = [];
      onmessage: ((event: { data: unknown }) => void) | null = null;
      onerror: (() => void) | null = null;
      #asked = 0;

      constructor() {
        workers.push(this);
      }

      postMessage({ number }: { number: number }, transferred: readonly Transferable[]): void {
        this.#asked = number;
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
