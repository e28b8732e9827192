import { type Description, dataAt } from './frames.ts';
import { type FileStore, StorageError, type StoredFile } from './store.ts';

/** The largest file taken where the browser offers no disk. */
export const memoryLimitBytes = 256 * 1024 * 1024;
/** Parts of this size become blobs, which browsers may move out of memory. */
const partBytes = 1024 * 1024;

/** Keeps files in memory: for browsers that give a page no disk. */
export class MemoryStore implements FileStore {
  open(_id: string, file: Description): Promise<StoredFile> {
    return file.size > memoryLimitBytes
      ? Promise.reject(new StorageError('no-room', 'this browser keeps files in memory only'))
      : Promise.resolve(new MemoryFile());
  }

  has(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

class MemoryFile implements StoredFile {
  readonly next = 0;
  readonly chain = null;
  #parts: Blob[] = [];
  #loose: Uint8Array<ArrayBuffer>[] = [];
  #looseBytes = 0;

  append(frame: Uint8Array<ArrayBuffer>): Promise<void> {
    const data = frame.subarray(dataAt);
    this.#loose.push(data);
    this.#looseBytes += data.length;
    if (this.#looseBytes >= partBytes) this.#gather();
    return Promise.resolve();
  }

  finish(): Promise<Blob> {
    this.#gather();
    return Promise.resolve(new Blob(this.#parts));
  }

  discard(): void {
    this.#parts = [];
    this.#loose = [];
  }

  #gather(): void {
    this.#parts.push(new Blob(this.#loose));
    this.#loose = [];
    this.#looseBytes = 0;
  }
}
