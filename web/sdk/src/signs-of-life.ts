import { bytesCounted, number, selectedPair } from './adaptation/reading.ts';

/** Counts whatever comes from the other side: bytes, and answers to checks of the path in use. */
export class SignsOfLife {
  readonly #counts = new Map<string, number>();
  #signs = 0;

  /** More than at the last report, if something has come since then. */
  count(report: ReadonlyMap<string, unknown>): number {
    // Pairs come and go with their counts, in Firefox with every offer and its rollback, but there they are all that counts.
    for (const { id, bytesReceived } of bytesCounted(report)) this.#add(`${id} bytes`, bytesReceived);
    const pair = selectedPair(report);
    this.#add(`${pair?.id} responses`, pair?.responsesReceived);
    return this.#signs;
  }

  #add(name: string, value: unknown): void {
    const count = number(value);
    if (count === null) return;
    const before = this.#counts.get(name);
    // What is new here may have come long ago.
    if (before !== undefined && count > before) this.#signs += count - before;
    this.#counts.set(name, count);
  }
}
