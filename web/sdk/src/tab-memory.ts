import { answerOtherTabs, keyOf } from './tab-channel.ts';

/** What a tab remembers of its call, so that a reload is no more than a blink. */
export interface Remembered {
  /** The token of the seat. */
  readonly resume: string;
  /** Where the switches were: nobody comes back with an open microphone after muting it. */
  readonly microphone: boolean;
  readonly camera: boolean;
  /** When the page went away in the middle of the call: wall clock, ms. Null if it did not say. */
  readonly goneAt: number | null;
}

export interface TabMemory {
  read(): Remembered | null;
  write(remembered: Remembered): void;
  clear(): void;
  /**
   * Whether no other tab has this memory: a duplicated tab gets a copy of it. Call it before the first `write`.
   * Resolves to true where the browser cannot tell.
   */
  alone(): Promise<boolean>;
}

/** A page that reloads has let go of its lock by then. */
const lockWithinMs = 500;

/** Kept in the tab's session storage: gone with the tab, out of reach for other sites. */
export class SessionTabMemory implements TabMemory {
  readonly #room: string;
  readonly #key: string;
  readonly #newId: () => string;
  #released = new AbortController();
  #held: Promise<boolean> | null = null;
  #endAnswers: (() => void) | null = null;

  constructor(room: string, newId: () => string) {
    this.#room = room;
    this.#key = keyOf(room);
    this.#newId = newId;
  }

  read(): Remembered | null {
    const stored = this.#load();
    if (typeof stored?.resume !== 'string') return null;
    const { resume, microphone, camera, goneAt } = stored;
    return {
      resume,
      microphone: microphone === true,
      camera: camera === true,
      goneAt: typeof goneAt === 'number' ? goneAt : null,
    };
  }

  write(remembered: Remembered): void {
    const known = this.#load()?.tab;
    const tab = typeof known === 'string' ? known : this.#newId();
    void this.#hold(tab);
    this.#store(JSON.stringify({ ...remembered, tab }));
    this.#endAnswers ??= answerOtherTabs(this.#room, () => this.#text());
  }

  clear(): void {
    this.#released.abort();
    this.#released = new AbortController();
    this.#held = null;
    this.#endAnswers?.();
    this.#endAnswers = null;
    this.#store(null);
  }

  async alone(): Promise<boolean> {
    const tab = this.#load()?.tab;
    return typeof tab !== 'string' || this.#hold(tab);
  }

  /** A lock that lives as long as the page tells its duplicates that they are duplicates. */
  #hold(tab: string): Promise<boolean> {
    if (!navigator.locks) return Promise.resolve(true);
    this.#held ??= this.#request(tab);
    return this.#held;
  }

  #request(tab: string): Promise<boolean> {
    const { signal } = this.#released;
    return new Promise((resolve) => {
      navigator.locks
        .request(`parley.tab.${tab}`, { signal: AbortSignal.timeout(lockWithinMs) }, () => {
          resolve(true);
          return new Promise<void>((release) =>
            signal.addEventListener('abort', () => release(), { once: true }),
          );
        })
        // Timed out: somebody else has it.
        .catch(() => resolve(false));
    });
  }

  #load(): Record<string, unknown> | null {
    try {
      const value: unknown = JSON.parse(this.#text() ?? 'null');
      return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
    } catch {
      // Storage is switched off, or holds something else: nothing is remembered.
      return null;
    }
  }

  #text(): string | null {
    try {
      return sessionStorage.getItem(this.#key);
    } catch {
      return null;
    }
  }

  #store(value: string | null): void {
    try {
      if (value === null) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, value);
    } catch {
      // Storage is switched off or full: a reload begins in the lobby.
    }
  }
}
