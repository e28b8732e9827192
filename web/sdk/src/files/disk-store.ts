import { ChosenFile } from './chosen-file.ts';
import { type DiskReply, type DiskRequest, type Found, folderName } from './disk-protocol.ts';
import { chunksOf, type Description, dataAt } from './frames.ts';
import { MemoryStore, memoryLimitBytes } from './memory-store.ts';
import { release } from './release.ts';
import { type FileStore, StorageError, type StoredFile, storageError } from './store.ts';

/**
 * Keeps files where the person chose, else in the origin private file system: on the disk, whatever their size, and there after a reload. Where the
 * browser gives none (an old one, Firefox's private windows), small ones are kept in memory.
 */
export class DiskStore implements FileStore {
  readonly #disk = new Disk();
  readonly #memory = new MemoryStore();

  async open(id: string, file: Description, place?: FileSystemFileHandle): Promise<StoredFile> {
    if (place) return ChosenFile.open(place);
    try {
      const most = chunksOf(file);
      const found = (await this.#disk.ask({ op: 'open', id, size: file.size, most })) as Found;
      return new DiskFile(this.#disk, id, file, found);
    } catch (error) {
      if (file.size <= memoryLimitBytes) return this.#memory.open(id, file);
      throw error;
    }
  }

  async has(id: string): Promise<boolean> {
    return (await this.#disk.ask({ op: 'has', id })) === true;
  }
}

class DiskFile implements StoredFile {
  readonly next: number;
  readonly chain: Uint8Array | null;
  readonly #disk: Disk;
  readonly #id: string;
  readonly #file: Description;
  /**
   * Buffers that go to the worker and come back, for the next chunks: what a worker is given for good waits there for a collector
   * that comes every 64 MB (Chromium 156).
   */
  readonly #spare: ArrayBuffer[] = [];

  constructor(disk: Disk, id: string, file: Description, { next, chain }: Found) {
    this.#disk = disk;
    this.#id = id;
    this.#file = file;
    this.next = next;
    this.chain = chain;
  }

  async append(frame: Uint8Array<ArrayBuffer>, next: number, chain: Uint8Array): Promise<void> {
    const buffer = this.#spare.pop() ?? new ArrayBuffer(this.#file.chunkBytes);
    const data = new Uint8Array(buffer, 0, frame.length - dataAt);
    data.set(frame.subarray(dataAt));
    release(frame.buffer);
    const at = (next - 1) * this.#file.chunkBytes;
    const request = { op: 'append', id: this.#id, data, at, next, chain: chain.slice() } as const;
    const back = await this.#disk.ask(request, [buffer]);
    this.#spare.push(back as ArrayBuffer);
  }

  async finish(): Promise<Blob> {
    await this.#disk.ask({ op: 'finish', id: this.#id });
    this.#spare.length = 0;
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName);
    const file = await (await folder.getFileHandle(this.#id)).getFile();
    return file.slice(0, file.size, 'application/octet-stream');
  }

  discard(): void {
    this.#spare.length = 0;
    this.#disk.ask({ op: 'discard', id: this.#id }).catch(() => undefined);
  }
}

/** The worker, started when the first file comes. */
class Disk {
  readonly #waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #worker: Worker | null = null;
  #count = 0;

  ask(request: DiskRequest, transfer: Transferable[] = []): Promise<unknown> {
    this.#worker ??= this.#start();
    const number = ++this.#count;
    this.#worker.postMessage({ number, request }, transfer);
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./disk-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<DiskReply>) => {
      const asked = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (!data.error) asked?.resolve(data.value);
      else asked?.reject(storageError(data.error));
    };
    worker.onerror = () => {
      // The next one who asks starts another: the server may have been away when this one was fetched.
      worker.terminate();
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values())
        reject(new StorageError('storage-failed', 'the worker could not start'));
      this.#waiting.clear();
    };
    return worker;
  }
}
