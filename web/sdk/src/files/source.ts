import { chainAfter, chainStart, sameChain } from './chain.ts';
import { chainAt, chunkFrame, chunksOf, type Description, dataAt, lengthOf, setIndex } from './frames.ts';
import { collect, release } from './release.ts';

/** Chunks read at once: one trip to the disk for many. */
const blockChunks = 64;
/** The collector is asked to come after so many blocks: 63 MB. */
const collectEvery = 16;
/** A known place to go back to every so many chunks. */
const markEvery = 64;

/** Reads a file from the disk, chunk by chunk, and never holds more than two blocks of it. */
export class Source {
  readonly #blob: Blob;
  readonly #id: string;
  readonly #file: Description;
  readonly #marks = new Map<number, Uint8Array>();
  /** The same for every chunk: memory that waits to be collected would be the size of what was sent. */
  #frame: Uint8Array<ArrayBuffer> | null = null;
  #next = 0;
  #chain: Uint8Array | null = null;
  #blocks = new Map<number, Promise<ArrayBuffer>>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(blob: Blob, id: string, file: Description) {
    this.#blob = blob;
    this.#id = id;
    this.#file = file;
  }

  /** The next chunk to read. */
  get next(): number {
    return this.#next;
  }

  /** The chain over everything before `next`. */
  get chain(): Uint8Array | null {
    return this.#chain;
  }

  /** Goes to a place and tells whether the chain up to it is this. Rejects where the file cannot be read. */
  seek(next: number, chain: Uint8Array): Promise<boolean> {
    return this.#inTurn(async () => {
      if (next < this.#next || !this.#chain) {
        const mark = Math.max(-1, ...[...this.#marks.keys()].filter((at) => at <= next));
        this.#chain = this.#marks.get(mark) ?? (await chainStart(this.#id, this.#file));
        this.#next = Math.max(mark, 0);
      }
      while (this.#next < next) await this.#read();
      return sameChain(this.#chain, chain);
    });
  }

  /** The next chunk as a frame, good until the next read. Rejects where the file cannot be read any more: moved, changed, on a stick that is gone. */
  read(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#inTurn(() => this.#read());
  }

  async #read(): Promise<Uint8Array<ArrayBuffer>> {
    const index = this.#next;
    const length = lengthOf(this.#file, index);
    const block = await this.#block(Math.floor(index / blockChunks));
    const offset = (index % blockChunks) * this.#file.chunkBytes;
    if (offset + length > block.byteLength) throw new RangeError('the file is shorter than it was');
    this.#frame ??= chunkFrame(this.#id, length);
    const frame = this.#frame.subarray(0, dataAt + length);
    setIndex(frame, index);
    frame.set(new Uint8Array(block, offset, length), dataAt);
    const before = this.#chain ?? (await chainStart(this.#id, this.#file));
    const after = await chainAfter(frame, before);
    frame.set(after, chainAt);
    this.#chain = after;
    this.#next = index + 1;
    if (this.#next % markEvery === 0) this.#marks.set(this.#next, after);
    if (this.#next === chunksOf(this.#file)) this.#letGo();
    return frame;
  }

  /** What has been read to its end may stay in the list for the rest of the call. */
  #letGo(): void {
    this.#keep(new Map());
    this.#frame = null;
  }

  /** With the one after it already on its way. */
  #block(index: number): Promise<ArrayBuffer> {
    const wanted = this.#blocks.get(index) ?? this.#fetch(index);
    const after = this.#blocks.get(index + 1) ?? this.#fetch(index + 1);
    this.#keep(
      new Map([
        [index, wanted],
        [index + 1, after],
      ]),
    );
    return wanted;
  }

  /** Gives back all the others. */
  #keep(kept: Map<number, Promise<ArrayBuffer>>): void {
    for (const [at, block] of this.#blocks) {
      if (kept.has(at)) continue;
      block.then(release, () => undefined);
      if ((at + 1) % collectEvery === 0) collect();
    }
    this.#blocks = kept;
  }

  #fetch(index: number): Promise<ArrayBuffer> {
    const { chunkBytes, size } = this.#file;
    const from = index * blockChunks * chunkBytes;
    if (index * blockChunks >= chunksOf(this.#file)) return Promise.resolve(new ArrayBuffer(0));
    const block = this.#blob.slice(from, Math.min(size, from + blockChunks * chunkBytes)).arrayBuffer();
    // Told to whoever asks for it, if anybody does.
    block.catch(() => undefined);
    return block;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
