import type { Description } from './frames.ts';

/** Where received files are kept. */
export interface FileStore {
  /**
   * Makes room for a file, or finds what is already here of it; or begins to write it to a place that the person chose.
   * Rejects with {@link StorageError}.
   */
  open(id: string, file: Description, place?: FileSystemFileHandle): Promise<StoredFile>;
  /** Whether a part of it is here from before a reload. */
  has(id: string): Promise<boolean>;
}

export interface StoredFile {
  /** How many chunks are here, and the chain over them; null: none. */
  readonly next: number;
  readonly chain: Uint8Array | null;
  /** Appends the data of a chunk frame. The frame, its buffer included, is the store's from then on. Rejects with {@link StorageError}. */
  append(frame: Uint8Array<ArrayBuffer>, next: number, chain: Uint8Array): Promise<void>;
  /** The whole file. */
  finish(): Promise<Blob>;
  discard(): void;
}

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly reason: 'no-room' | 'storage-failed';

  constructor(reason: 'no-room' | 'storage-failed', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** @param name What the browser calls the error. */
export function storageError(name: string): StorageError {
  return new StorageError(name === 'QuotaExceededError' ? 'no-room' : 'storage-failed', name);
}
