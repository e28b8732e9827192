/** Virtual time: what is due runs in order of time, then of asking. */
export class World {
  #now = 0;
  #count = 0;
  #due: Due[] = [];

  get now(): number {
    return this.#now;
  }

  /** Runs something later; the result calls it off. */
  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + ms, order: this.#count++, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  /** Runs until nothing is due, the time has come, or the condition holds. True if the condition holds. */
  runUntil(time: number, condition: () => boolean = () => false): boolean {
    while (!condition()) {
      let first: Due | undefined;
      for (const entry of this.#due)
        if (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
          first = entry;
      if (!first || first.at > time) {
        this.#now = time;
        return condition();
      }
      const next = first;
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#now = next.at;
      next.run();
    }
    return true;
  }
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}
