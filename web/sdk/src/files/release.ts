let nowhere: MessagePort | null = null;

/**
 * Gives a buffer back that is not used any more: sent to a port that nobody is at, its memory is free at once. Left to the collector, buffers from a
 * data channel pile up to 64 MB; detached by `transfer` they stay for longer still (Chromium 156).
 */
export function release(buffer: ArrayBuffer): void {
  nowhere ??= closedPort();
  nowhere.postMessage(null, [buffer]);
}

/**
 * Asks the collector to come. It goes by what was allocated, and what was given back does not count: the small garbage of a gigabyte would pile up.
 * A buffer that is never written to counts and costs nothing (Chromium 156: all heaps of the page are collected at once).
 */
export function collect(): void {
  try {
    release(new ArrayBuffer(questionBytes));
  } catch {
    // No room even for this: then the collector is on its way.
  }
}

const questionBytes = 64 * 1024 * 1024;

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
