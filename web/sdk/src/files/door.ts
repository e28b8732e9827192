import type { BrowserTransfers } from './index.ts';
import type { CallFiles, FileTransfer } from './types.ts';

/** Frames that come in while the part is on its way; before an `accept` of ours there can be few. */
const maxEarly = 300;
/** The server may be away for a moment. */
const retryMs = 2_000;

/** The files of a call, whose larger part is loaded once there is somebody to send to. */
export class FilesDoor implements CallFiles {
  readonly #onChange: () => void;
  readonly #import: () => Promise<typeof import('./index.ts')>;
  #part: BrowserTransfers | null = null;
  #loading: Promise<BrowserTransfers> | null = null;
  #channel: RTCDataChannel | null = null;
  #list: readonly FileTransfer[] | null = null;
  #over = false;

  constructor(onChange: () => void, load = () => import('./index.ts')) {
    this.#onChange = onChange;
    this.#import = load;
  }

  get list(): readonly FileTransfer[] {
    this.#list ??= this.#part?.transfers.list ?? [];
    return this.#list;
  }

  get dropped(): number {
    return this.#part?.transfers.dropped ?? 0;
  }

  offer(files: Iterable<File>): void {
    // The browser empties its list of dropped files as soon as the event is over.
    const kept = [...files];
    void this.#load().then(({ transfers }) => transfers.offer(kept));
  }

  accept(id: string, place?: FileSystemFileHandle): void {
    this.#part?.transfers.accept(id, place);
  }

  cancel(id: string): void {
    this.#part?.transfers.cancel(id);
  }

  pause(id: string): void {
    this.#part?.transfers.hold(id, true);
  }

  resume(id: string): void {
    this.#part?.transfers.hold(id, false);
  }

  open(id: string): Blob | null {
    return this.#part?.transfers.open(id) ?? null;
  }

  /** The channel that is open now, if any. */
  connect(channel: RTCDataChannel | null): void {
    // A channel of a connection that was given up may still deliver for a moment.
    if (this.#channel) this.#channel.onmessage = null;
    this.#channel = channel;
    if (!channel) return this.#part?.transfers.connect(null);
    channel.binaryType = 'arraybuffer';
    const early: unknown[] = [];
    channel.onmessage = ({ data }) => early.length < maxEarly && early.push(data);
    const attach = (): unknown =>
      this.#load().then(
        (part) => channel === this.#channel && part.attach(channel, early),
        () => {
          this.#loading = null;
          setTimeout(attach, retryMs);
        },
      );
    attach();
  }

  /** Whether the call is over: then nothing goes on by itself. */
  set over(over: boolean) {
    if (over === this.#over) return;
    this.#over = over;
    if (over) this.#part?.transfers.end();
    else this.#part?.transfers.begin();
  }

  #load(): Promise<BrowserTransfers> {
    this.#loading ??= this.#import().then(({ browserTransfers }) => {
      this.#part = browserTransfers(() => this.#changed());
      return this.#part;
    });
    return this.#loading;
  }

  #changed(): void {
    this.#list = null;
    this.#onChange();
  }
}
