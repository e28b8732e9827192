/** More than anybody sends in the moment before both sides know that both have joined. */
const maxBytes = 4 * 1024 * 1024;
/** What a message costs besides its bytes. */
const overhead = 1024;

/** Channels that are not in use yet: what comes on them is kept, and handed over in order. */
export class HeldBack {
  readonly #releases: (() => void)[] = [];
  #left = maxBytes;

  /** @param use What to do with the open channel: sets its handler of messages. */
  keep(channel: RTCDataChannel, use: () => void): void {
    const messages: MessageEventInit[] = [];
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => {
      this.#left -= overhead + (data.length ?? data.byteLength);
      if (this.#left >= 0) messages.push({ data });
    };
    this.#releases.push(() => {
      if (channel.readyState !== 'open') return;
      use();
      for (const message of messages) channel.dispatchEvent(new MessageEvent('message', message));
    });
  }

  release(): void {
    for (const release of this.#releases) release();
  }
}
