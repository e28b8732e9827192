import { parseJson } from './json.ts';
import { keyOf } from './tab-key.ts';

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
  /** What was said in the call, as text; null: nothing. */
  readChat(): string | null;
  writeChat(chat: string): void;
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
  readonly #chatKey: string;
  readonly #newId: () => string;
  #released = new AbortController();
  #held: Promise<boolean> | null = null;
  /** Ends the answers to other tabs, as soon as they have begun. */
  #endAnswers: (() => unknown) | null = null;

  constructor(room: string, newId: () => string) {
    this.#room = room;
    this.#key = keyOf(room);
    this.#chatKey = `parley.chat.${room}`;
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
    this.#set(this.#key, JSON.stringify({ ...remembered, tab }));
    this.#endAnswers ??= this.#answerOtherTabs();
  }

  readChat(): string | null {
    return this.#get(this.#chatKey);
  }

  writeChat(chat: string): void {
    this.#set(this.#chatKey, chat);
  }

  clear(): void {
    this.#set(this.#chatKey, null);
    this.#released.abort();
    this.#released = new AbortController();
    this.#held = null;
    this.#endAnswers?.();
    this.#endAnswers = null;
    this.#set(this.#key, null);
  }

  async alone(): Promise<boolean> {
    const tab = this.#load()?.tab;
    return typeof tab !== 'string' || this.#hold(tab);
  }

  #answerOtherTabs(): () => unknown {
    // Without its part of the code a copy of this tab is not told, and takes its seat.
    const answers = import('./tab-channel.ts').then(
      (part) => part.answerOtherTabs(this.#room, () => this.#get(this.#key)),
      () => null,
    );
    return () => answers.then((end) => end?.());
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
    const value = parseJson(this.#get(this.#key));
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  }

  #get(key: string): string | null {
    try {
      return sessionStorage.getItem(key);
    } catch {
      // Storage is switched off: nothing is remembered.
      return null;
    }
  }

  #set(key: string, value: string | null): void {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // Storage is switched off or full: a reload begins in the lobby, or without what was said last.
    }
  }
}
