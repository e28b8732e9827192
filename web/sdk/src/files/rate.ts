/** How fast something grows, over the last seconds. */
export class Rate {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** Bytes per second; null while that cannot be said. */
  add(bytes: number, at: number): number | null {
    this.#samples.push({ at, bytes });
    // The newest of the old ones stays: without it a single jump has no length.
    while ((this.#samples[1]?.at ?? at) < at - windowMs) this.#samples.shift();
    const [first] = this.#samples;
    if (!first || at - first.at < leastMs) return null;
    return (1000 * (bytes - first.bytes)) / (at - first.at);
  }

  reset(): void {
    this.#samples = [];
  }
}

const windowMs = 3_000;
const leastMs = 300;
