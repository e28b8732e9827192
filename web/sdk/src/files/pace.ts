/**
 * How much may be under way that the receiver has not confirmed. A browser's SCTP sends what it is given until packets get
 * lost, and where the other process was kept from its socket for some milliseconds that is most of a megabyte at once.
 * Chromium (156) then sends something only every three seconds: the channel stands still for half a minute, the heartbeat with
 * it. So no more is under way than the path needs, which the delay between sending and confirmation tells: once it is twice
 * the least that was seen, more would only wait in queues.
 */
export class Pace {
  readonly #flights: Flight[] = [];
  #windowBytes = leastWindowBytes;
  #flyingBytes = 0;
  #confirmedBytes = 0;
  /** The least delay of the last two spans, ms. */
  #least = Number.POSITIVE_INFINITY;
  #leastOfSpan = Number.POSITIVE_INFINITY;
  #spanAt = 0;

  get windowBytes(): number {
    return this.#windowBytes;
  }

  /** Whether another chunk may go out. */
  get open(): boolean {
    return this.#flyingBytes < this.#windowBytes;
  }

  /** A chunk went out; `next` is the one after it. */
  sent(id: string, next: number, bytes: number, now: number): void {
    this.#flights.push({ id, next, bytes, at: now, confirmedBytes: this.#confirmedBytes });
    this.#flyingBytes += bytes;
  }

  /** Everything of a file below `next` has arrived. */
  confirmed(id: string, next: number, now: number): void {
    const last = this.#land((flight) => flight.id === id && flight.next <= next);
    if (!last) return;
    const delay = now - last.at;
    this.#note(delay, now);
    const flown = this.#confirmedBytes - last.confirmedBytes;
    const wanted = delay > this.#least ? (2 * flown * this.#least) / delay : 2 * flown;
    this.#windowBytes = Math.min(
      mostWindowBytes,
      Math.max(leastWindowBytes, Math.min(wanted, 2 * this.#windowBytes)),
    );
  }

  /** A file has ended: nothing of it will be confirmed any more. */
  forget(id: string): void {
    this.#land((flight) => flight.id === id);
  }

  #land(lands: (flight: Flight) => boolean): Flight | undefined {
    let last: Flight | undefined;
    for (let index = 0; index < this.#flights.length; ) {
      const flight = this.#flights[index];
      if (!flight || !lands(flight)) {
        index++;
        continue;
      }
      this.#flights.splice(index, 1);
      this.#flyingBytes -= flight.bytes;
      this.#confirmedBytes += flight.bytes;
      last = flight;
    }
    return last;
  }

  /** Forgets what was before two spans: paths change. */
  #note(delay: number, now: number): void {
    if (now - this.#spanAt > spanMs) {
      this.#least = this.#leastOfSpan;
      this.#leastOfSpan = Number.POSITIVE_INFINITY;
      this.#spanAt = now;
    }
    this.#leastOfSpan = Math.min(this.#leastOfSpan, delay);
    this.#least = Math.min(this.#least, delay);
  }
}

interface Flight {
  readonly id: string;
  readonly next: number;
  readonly bytes: number;
  readonly at: number;
  /** How much had arrived when it went out. */
  readonly confirmedBytes: number;
}

export const leastWindowBytes = 256 * 1024;
export const mostWindowBytes = 8 * 1024 * 1024;
const spanMs = 10_000;
