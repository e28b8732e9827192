import { dataAt } from './frames.ts';
import { release } from './release.ts';
import { type StoredFile, storageError } from './store.ts';

/**
 * Writes to a place that the person chose, as the chunks come. The browser keeps what is written apart until all of it is
 * there, so a reload leaves nothing to go on from.
 */
export class ChosenFile implements StoredFile {
  readonly next = 0;
  readonly chain = null;
  readonly #place: FileSystemFileHandle;
  readonly #writer: FileSystemWritableFileStream;

  private constructor(place: FileSystemFileHandle, writer: FileSystemWritableFileStream) {
    this.#place = place;
    this.#writer = writer;
  }

  static async open(place: FileSystemFileHandle): Promise<ChosenFile> {
    return new ChosenFile(place, await place.createWritable().catch(refuse));
  }

  async append(frame: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#writer.write(frame.subarray(dataAt)).catch(refuse);
    release(frame.buffer);
  }

  async finish(): Promise<Blob> {
    await this.#writer.close().catch(refuse);
    const file = await this.#place.getFile().catch(refuse);
    return file.slice(0, file.size, 'application/octet-stream');
  }

  discard(): void {
    void this.#discard().catch(() => undefined);
  }

  /** Choosing a place made an empty file there; one that has something in it is not ours to remove. */
  async #discard(): Promise<void> {
    await this.#writer.abort().catch(() => undefined);
    const { size } = await this.#place.getFile();
    // Not in every browser that has the rest.
    if (size === 0) await (this.#place as { remove?: () => Promise<void> }).remove?.();
  }
}

function refuse(error: unknown): never {
  throw storageError(error instanceof Error ? error.name : 'Error');
}
