/** Above this nothing more is taken: a page that sends faster than the path must wait. */
const maxBufferedBytes = 4 * 1024 * 1024;
/** In bytes; what every browser takes in one message. */
export const maxDataBytes = 60 * 1024;

export type DataOutcome =
  | 'sent'
  /** No connection, or the other side's browser has no such channel yet. */
  | 'closed'
  /** More is waiting than the path takes: try again in a moment. */
  | 'full';

export type Data = string | ArrayBuffer;

/** A channel for whatever the page around the call wants to say to its like: in order, each message once per connection. */
export class ApplicationData {
  readonly #onData: (data: Data) => void;
  #channel: RTCDataChannel | null = null;
  /** Messages dropped because they were larger than {@link maxDataBytes}. */
  dropped = 0;

  constructor(onData: (data: Data) => void) {
    this.#onData = onData;
  }

  get open(): boolean {
    return this.#channel?.readyState === 'open';
  }

  connect(channel: RTCDataChannel | null): void {
    if (this.#channel) this.#channel.onmessage = null;
    this.#channel = channel;
    if (!channel) return;
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => {
      const size =
        typeof data === 'string' ? data.length : data instanceof ArrayBuffer ? data.byteLength : Infinity;
      if (size <= maxDataBytes) this.#onData(data as Data);
      else this.dropped++;
    };
  }

  send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): DataOutcome {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.byteLength;
    if (bytes > maxDataBytes)
      throw new RangeError(`application data has at most ${maxDataBytes} bytes a message`);
    const channel = this.#channel;
    if (channel?.readyState !== 'open') return 'closed';
    if (channel.bufferedAmount > maxBufferedBytes) return 'full';
    channel.send(data as string);
    return 'sent';
  }
}
