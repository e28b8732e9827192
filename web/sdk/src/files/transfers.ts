import { Ration } from '../ration.ts';
import { chainAfter, chainClaimed, chainStart, sameChain } from './chain.ts';
import {
  chunksOf,
  type Description,
  dataAt,
  type EndReason,
  type Frame,
  maxFrameBytes,
  maxIds,
  maxNameBytes,
  maxTypeBytes,
  readFrame,
  toHex,
  writeFrame,
} from './frames.ts';
import {
  type Incoming,
  type IncomingEffect,
  type IncomingEvent,
  incoming,
  newIncoming,
  takesTurn,
  wantsTurn,
} from './incoming.ts';
import { newOutgoing, type Outgoing, type OutgoingEvent, outgoing, ready } from './outgoing.ts';
import { Pace } from './pace.ts';
import { Rate } from './rate.ts';
import { Source } from './source.ts';
import { type FileStore, StorageError, type StoredFile } from './store.ts';
import type { FileTransfer } from './types.ts';
import { view } from './view.ts';

/** What a data channel must be able to do for us. */
export interface FilesChannel {
  readonly bufferedAmount: number;
  /** Takes a copy. */
  send(data: Uint8Array<ArrayBuffer>): void;
}

export interface TransfersEnvironment {
  readonly store: FileStore;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** What one chunk of ours holds. Defaults to {@link usualChunkBytes}. */
  readonly chunkBytes?: number;
  /** Something in `list` has changed. */
  readonly onChange: () => void;
}

/** Above this the channel gets nothing more; below {@link lowWaterBytes} it is asked again. */
export const highWaterBytes = 1024 * 1024;
export const lowWaterBytes = 256 * 1024;
/** With its frame well below the 64 KiB that every browser takes. */
export const usualChunkBytes = 60 * 1024;
/** How many come in at once; the others wait. */
const places = 3;
/** Offers of theirs that are neither done nor declined. */
const maxOpen = 100;
/** What we remember of theirs altogether. */
const maxKept = 500;

interface Sending {
  readonly direction: 'sending';
  readonly at: number;
  readonly blob: Blob;
  readonly source: Source;
  readonly rate: Rate;
  bytesPerSecond: number | null;
  state: Outgoing;
}

interface Receiving {
  readonly direction: 'receiving';
  readonly at: number;
  readonly rate: Rate;
  bytesPerSecond: number | null;
  state: Incoming;
  stored: StoredFile | null;
  /** Where the person wants it. */
  place: FileSystemFileHandle | undefined;
  /** Over everything that is checked, and over everything that is stored. */
  checked: Uint8Array | null;
  chain: Uint8Array | null;
  whole: Blob | null;
  queue: Promise<void>;
}

export type Entry = Sending | Receiving;

/** Everything on its way in both directions, over any number of channels one after the other. */
export class Transfers {
  readonly #environment: TransfersEnvironment;
  readonly #entries = new Map<string, Entry>();
  readonly #ration: Ration;
  #channel: FilesChannel | null = null;
  #pace = new Pace();
  #greeted = false;
  #pumping = false;
  #turn = 0;
  #dropped = 0;
  #over = false;

  constructor(environment: TransfersEnvironment) {
    this.#environment = environment;
    this.#ration = new Ration(1_000, 200, environment.now());
  }

  get list(): readonly FileTransfer[] {
    return [...this.#entries.values()].map((entry) => view(entry, this.#over));
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** A channel is open, or none is any more. */
  connect(channel: FilesChannel | null): void {
    if (channel === this.#channel) return;
    this.#channel = channel;
    this.#pace = new Pace();
    this.#greeted = false;
    for (const entry of this.#entries.values()) {
      entry.rate.reset();
      entry.bytesPerSecond = null;
      if (entry.direction === 'sending') this.#out(entry, { type: 'closed' });
      else this.#in(entry, { type: 'closed' });
    }
    if (channel) this.#greet();
  }

  /** The call is over: nothing moves any more, and what is here stays. */
  end(): void {
    this.connect(null);
    this.#over = true;
    this.#environment.onChange();
  }

  /** The call goes on after all. */
  begin(): void {
    this.#over = false;
  }

  offer(files: Iterable<File>): void {
    for (const blob of files) {
      const id = toHex(crypto.getRandomValues(new Uint8Array(16)));
      const file: Description = {
        name: shortened(blob.name, maxNameBytes),
        type: blob.type.length > maxTypeBytes ? '' : shortened(blob.type, maxTypeBytes),
        size: blob.size,
        chunkBytes: this.#environment.chunkBytes ?? usualChunkBytes,
      };
      const entry: Sending = {
        direction: 'sending',
        at: Date.now(),
        blob,
        source: new Source(blob, id, file),
        rate: new Rate(),
        bytesPerSecond: null,
        state: newOutgoing(id, file),
      };
      this.#entries.set(id, entry);
      if (this.#channel) this.#out(entry, { type: 'opened' });
    }
    this.#changed();
  }

  accept(id: string, place?: FileSystemFileHandle): void {
    const entry = this.#entries.get(id);
    if (entry?.direction !== 'receiving') return;
    if (!entry.state.accepted) entry.place = place;
    this.#in(entry, { type: 'accept' });
  }

  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const reason: EndReason = entry.state.accepted ? 'cancelled' : 'declined';
    if (entry.direction === 'sending') this.#out(entry, { type: 'end', reason: 'cancelled' });
    else this.#in(entry, { type: 'end', reason });
  }

  hold(id: string, held: boolean): void {
    const entry = this.#entries.get(id);
    if (entry?.direction === 'sending') this.#out(entry, { type: 'hold', held });
    else if (entry) this.#in(entry, { type: 'hold', held });
  }

  open(id: string): Blob | null {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    return entry.direction === 'sending' ? entry.blob : entry.whole;
  }

  /** A message of the channel, whatever it is. */
  receive(data: unknown): void {
    const bytes =
      data instanceof ArrayBuffer && data.byteLength <= maxFrameBytes ? new Uint8Array(data) : null;
    const frame = bytes && readFrame(bytes);
    if (!frame || (this.#isRationed(frame) && !this.#ration.take(this.#environment.now())))
      return this.#drop();
    if (!this.#greeted) this.#greet();
    if (frame.type === 'hello') this.#hello(frame.ids);
    else if (frame.type === 'offer') this.#offered(frame.id, frame.file);
    else this.#tell(frame);
  }

  /** Chunks are rationed by the window: beyond it they end their file. And each chunk of ours may be confirmed once. */
  #isRationed(frame: Frame): boolean {
    if (frame.type !== 'progress') return frame.type !== 'chunk';
    const entry = this.#entries.get(frame.id);
    return entry?.direction !== 'sending' || frame.next <= entry.state.confirmed;
  }

  /** The channel can take more. */
  drained(): void {
    void this.#pump();
  }

  // --- What comes in

  #greet(): void {
    this.#greeted = true;
    const open = [...this.#entries.values()].filter(isOffered);
    this.#send({ type: 'hello', ids: open.slice(-maxIds).map(({ state }) => state.id) });
    for (const entry of open.slice(-maxIds)) this.#out(entry, { type: 'opened' });
  }

  #hello(ids: readonly string[]): void {
    for (const entry of this.#entries.values())
      if (entry.direction === 'receiving' && !entry.state.outcome && !ids.includes(entry.state.id))
        this.#in(entry, { type: 'peer-end', reason: 'unknown' });
  }

  #offered(id: string, file: Description): void {
    const known = this.#entries.get(id);
    if (known?.direction === 'sending') return this.#drop();
    if (known) {
      const { size, chunkBytes } = known.state.file;
      // Another file under the same id is nobody's file.
      if (size !== file.size || chunkBytes !== file.chunkBytes) return this.#drop();
      this.#in(known, { type: 'offered' });
      return this.#changed();
    }
    const theirs = [...this.#entries.values()].filter(({ direction }) => direction === 'receiving');
    const open = theirs.filter(({ state }) => !state.outcome);
    if (open.length >= maxOpen) {
      this.#drop();
      return this.#send({ type: 'end', id, reason: 'breach' });
    }
    const oldest = theirs.find(({ state }) => state.outcome && state.outcome.kind !== 'done');
    if (theirs.length >= maxKept && oldest) this.#entries.delete(oldest.state.id);
    const entry: Receiving = {
      direction: 'receiving',
      at: Date.now(),
      rate: new Rate(),
      bytesPerSecond: null,
      state: newIncoming(id, file),
      stored: null,
      place: undefined,
      checked: null,
      chain: null,
      whole: null,
      queue: Promise.resolve(),
    };
    this.#entries.set(id, entry);
    this.#in(entry, { type: 'offered' });
    // Accepted before a reload: it goes on by itself.
    this.#environment.store.has(id).then(
      (has) => has && this.#in(entry, { type: 'accept' }),
      () => undefined,
    );
  }

  #tell(frame: Exclude<Frame, { type: 'hello' | 'offer' }>): void {
    const entry = this.#entries.get(frame.id);
    if (!entry) return this.#drop();
    switch (frame.type) {
      case 'hold':
        return entry.direction === 'sending'
          ? this.#out(entry, { type: 'peer-hold', held: frame.held })
          : this.#in(entry, { type: 'peer-hold', held: frame.held });
      case 'end':
        return entry.direction === 'sending'
          ? this.#out(entry, { type: 'peer-end', reason: frame.reason })
          : this.#in(entry, { type: 'peer-end', reason: frame.reason });
      case 'accept':
      case 'progress':
        return entry.direction === 'sending' ? this.#out(entry, frame) : this.#drop();
      case 'complete': {
        if (entry.direction !== 'sending') return this.#drop();
        const { chain } = entry.source;
        const same = entry.source.next === chunksOf(entry.state.file) && chain !== null;
        return this.#out(entry, { type: 'complete', same: same && sameChain(chain, frame.chain) });
      }
      case 'chunk': {
        if (entry.direction !== 'receiving' || entry.state.outcome) return this.#drop();
        const { index, bytes } = frame;
        const before = entry.state.next;
        this.#in(entry, { type: 'chunk', index, length: bytes.length - dataAt });
        if (entry.state.next > before) this.#check(entry, index, bytes);
        else this.#dropped++;
        return;
      }
      default:
        return frame satisfies never;
    }
  }

  /** One after the other: each value of the chain needs the one before. Storing follows at its own pace. */
  #check(entry: Receiving, index: number, frame: Uint8Array<ArrayBuffer>): void {
    entry.queue = entry.queue.then(async () => {
      const { stored, checked } = entry;
      if (entry.state.outcome || !stored || !checked) return;
      const claimed = chainClaimed(frame);
      const chain = await chainAfter(frame, checked);
      if (!sameChain(chain, claimed)) return this.#in(entry, { type: 'end', reason: 'corrupt' });
      entry.checked = chain;
      stored.append(frame, index + 1, chain).then(
        () => {
          entry.chain = chain;
          this.#in(entry, { type: 'stored', next: index + 1 });
        },
        (error: unknown) => this.#in(entry, { type: 'end', reason: storageReason(error) }),
      );
    });
  }

  // --- The machines and what they ask for

  #out(entry: Sending, event: OutgoingEvent): void {
    const [state, effects] = outgoing(entry.state, event);
    entry.state = state;
    for (const effect of effects)
      if (effect.type === 'send') this.#send(effect.frame);
      else this.#seek(entry, effect.next, effect.chain);
    if (event.type === 'progress') {
      this.#measure(entry, state.confirmed);
      this.#pace.confirmed(state.id, state.confirmed, this.#environment.now());
    }
    if (state.outcome) this.#pace.forget(state.id);
    this.#changed();
    void this.#pump();
  }

  #seek(entry: Sending, next: number, chain: Uint8Array): void {
    const channel = this.#channel;
    entry.source.seek(next, chain).then(
      (same) => channel === this.#channel && this.#out(entry, { type: 'sought', next, same }),
      () => this.#out(entry, { type: 'end', reason: 'unreadable' }),
    );
  }

  #in(entry: Receiving, event: IncomingEvent): void {
    const [state, effects] = incoming(entry.state, event, this.#environment.now());
    entry.state = state;
    for (const effect of effects) this.#carryOut(entry, effect);
    if (event.type === 'stored') this.#measure(entry, state.stored);
    this.#changed();
    this.#giveTurns();
  }

  #carryOut(entry: Receiving, effect: IncomingEffect): void {
    const { id } = entry.state;
    switch (effect.type) {
      case 'send':
        return this.#send(effect.frame);
      case 'send-accept':
        if (entry.chain)
          this.#send({ type: 'accept', id, next: effect.next, limit: effect.limit, chain: entry.chain });
        return;
      case 'send-complete':
        if (entry.chain) this.#send({ type: 'complete', id, chain: entry.chain });
        return;
      case 'open-storage':
        return this.#openStorage(entry);
      case 'finish':
        entry.stored?.finish().then(
          (whole) => {
            entry.whole = whole;
            this.#in(entry, { type: 'finished' });
          },
          (error: unknown) => this.#in(entry, { type: 'end', reason: storageReason(error) }),
        );
        return;
      case 'discard':
        return entry.stored?.discard();
      case 'store':
        return;
      default:
        return effect satisfies never;
    }
  }

  #openStorage(entry: Receiving): void {
    const { id, file } = entry.state;
    this.#environment.store
      .open(id, file, entry.place)
      .then(async (stored) => {
        if (entry.state.outcome) return stored.discard();
        entry.stored = stored;
        entry.chain = entry.checked = stored.chain ?? (await chainStart(id, file));
        this.#in(entry, { type: 'storage-open', next: stored.next });
      })
      .catch((error: unknown) => this.#in(entry, { type: 'end', reason: storageReason(error) }));
  }

  #giveTurns(): void {
    const receiving = [...this.#entries.values()].filter((entry) => entry.direction === 'receiving');
    for (const entry of receiving) {
      if (receiving.filter(({ state }) => takesTurn(state)).length >= places) return;
      if (wantsTurn(entry.state)) this.#in(entry, { type: 'turn' });
    }
  }

  // --- What goes out

  #send(frame: Exclude<Frame, { type: 'chunk' }>): void {
    this.#channel?.send(writeFrame(frame));
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const channel = this.#channel;
        if (!channel || channel.bufferedAmount >= highWaterBytes || !this.#pace.open) return;
        const entry = this.#nextReady();
        if (!entry) return;
        const index = entry.state.next;
        const frame = await entry.source.read().catch(() => null);
        if (!frame) {
          this.#out(entry, { type: 'end', reason: 'unreadable' });
          continue;
        }
        // Read for a channel that is gone: the next one says where to go on.
        if (channel !== this.#channel || entry.state.link !== 'moving' || entry.state.next !== index)
          continue;
        if (entry.state.outcome) continue;
        channel.send(frame);
        this.#pace.sent(entry.state.id, index + 1, frame.length - dataAt, this.#environment.now());
        entry.state = outgoing(entry.state, { type: 'sent' })[0];
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** In turn, so that a small file is not kept waiting by a large one. */
  #nextReady(): Sending | null {
    const all = [...this.#entries.values()].filter((entry) => entry.direction === 'sending');
    for (let tried = 0; tried < all.length; tried++) {
      const entry = all[(this.#turn + tried) % all.length];
      if (!entry || !ready(entry.state)) continue;
      this.#turn = (this.#turn + tried + 1) % all.length;
      return entry;
    }
    return null;
  }

  #measure(entry: Entry, chunks: number): void {
    const bytes = Math.min(chunks * entry.state.file.chunkBytes, entry.state.file.size);
    entry.bytesPerSecond = entry.rate.add(bytes, this.#environment.now());
  }

  #changed(): void {
    this.#environment.onChange();
  }

  #drop(): void {
    this.#dropped++;
  }
}

function isOffered(entry: Entry): entry is Sending {
  return entry.direction === 'sending' && entry.state.outcome?.kind !== 'ended';
}

function storageReason(error: unknown): EndReason {
  return error instanceof StorageError ? error.reason : 'storage-failed';
}

/** As many characters as fit; never half of one. */
function shortened(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text);
  return encoded.length <= bytes
    ? text
    : new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd$/, '');
}
