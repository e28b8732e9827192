import { chainAt, chainBytes, type Description, dataAt, fromHex, idBytes } from './frames.ts';

/**
 * The proof that a file arrived as it was read: each chunk's value is the SHA-256 of the value before it and the chunk's
 * data, so that the last one stands for all. The first comes of what the file is said to be.
 */
export async function chainStart(id: string, file: Description): Promise<Uint8Array> {
  const bytes = new Uint8Array(idBytes + 8 + 4);
  bytes.set(fromHex(id));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(idBytes, BigInt(file.size));
  view.setUint32(idBytes + 8, file.chunkBytes);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** The value after this chunk. Writes `before` into the frame, where chain and data lie side by side. */
export async function chainAfter(frame: Uint8Array<ArrayBuffer>, before: Uint8Array): Promise<Uint8Array> {
  frame.set(before, chainAt);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', frame.subarray(chainAt)));
}

/** What the sender of a chunk says its value is. */
export function chainClaimed(frame: Uint8Array): Uint8Array {
  return frame.slice(chainAt, dataAt);
}

export function sameChain(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === chainBytes && b.length === chainBytes && a.every((byte, index) => byte === b[index]);
}
