import { ChosenFile } from './chosen-file.ts';
import { type DiskReply, type DiskRequest, type Found, folderName } from './disk-protocol.ts';
import { chunksOf, type Description, dataAt } from './frames.ts';
import { MemoryStore, memoryLimitBytes } from './memory-store.ts';
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
  /** Chunks that came while the worker had others: one trip for all of them. */
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  /** The trip that will take them, and the last one that was begun or planned. */
  #planned: Promise<void> | null = null;
  #last: Promise<void> = Promise.resolve();
  #reached: Reached = { next: 0, chain: new Uint8Array() };

  constructor(disk: Disk, id: string, file: Description, { next, chain }: Found) {
    this.#disk = disk;
    this.#id = id;
    this.#file = file;
    this.next = next;
    this.chain = chain;
  }

  append(frame: Uint8Array<ArrayBuffer>, next: number, chain: Uint8Array): Promise<void> {
    this.#waiting.push(frame.subarray(dataAt));
    this.#reached = { next, chain };
    this.#planned ??= this.#last = this.#last.then(() => this.#write());
    return this.#planned;
  }

  async finish(): Promise<Blob> {
    await this.#disk.ask({ op: 'finish', id: this.#id });
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName);
    const file = await (await folder.getFileHandle(this.#id)).getFile();
    return file.slice(0, file.size, 'application/octet-stream');
  }

  discard(): void {
    this.#disk.ask({ op: 'discard', id: this.#id }).catch(() => undefined);
  }

  async #write(): Promise<void> {
    const chunks = this.#waiting;
    const { next, chain } = this.#reached;
    this.#waiting = [];
    this.#planned = null;
    const at = (next - chunks.length) * this.#file.chunkBytes;
    await this.#disk.ask(
      { op: 'append', id: this.#id, chunks, at, next, chain },
      chunks.map(({ buffer }) => buffer),
    );
  }
}

/** The number of chunks, and the chain over them. */
interface Reached {
  readonly next: number;
  readonly chain: Uint8Array;
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
