/**
 * What travels on the files channel (docs/protocol/data-channels.md, channel 3): binary frames, big-endian. Reading never
 * throws: whatever is not a frame of ours is null.
 */
export type Frame =
  /** First on every new channel: which transfers the writer is still sending. */
  | { readonly type: 'hello'; readonly ids: readonly string[] }
  | { readonly type: 'offer'; readonly id: string; readonly file: Description }
  /** "Begin at chunk `next`, the chain before it is `chain`; send what is below `limit`." */
  | {
      readonly type: 'accept';
      readonly id: string;
      readonly next: number;
      readonly limit: number;
      readonly chain: Uint8Array;
    }
  | {
      readonly type: 'chunk';
      readonly id: string;
      readonly index: number;
      /** The whole frame: the chain at {@link chainAt}, the data behind it. */
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** "Everything below `next` is stored; send what is below `limit`." */
  | { readonly type: 'progress'; readonly id: string; readonly next: number; readonly limit: number }
  /** "I have it all, and this is the chain over it." */
  | { readonly type: 'complete'; readonly id: string; readonly chain: Uint8Array }
  | { readonly type: 'hold'; readonly id: string; readonly held: boolean }
  | { readonly type: 'end'; readonly id: string; readonly reason: EndReason };

/** What the sender says of a file. Nothing in it is trusted. */
export interface Description {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Bytes of data in every chunk but the last. */
  readonly chunkBytes: number;
}

const endReasons = [
  'cancelled',
  'declined',
  'unreadable',
  'no-room',
  'storage-failed',
  'corrupt',
  'breach',
  'unknown',
] as const;
export type EndReason = (typeof endReasons)[number];

export const version = 1;
export const idBytes = 16;
export const chainBytes = 32;
/** Where the chain value of a chunk frame stands; the data follows it at once, so that one digest covers both. */
export const chainAt = 1 + idBytes + 4;
export const dataAt = chainAt + chainBytes;
/** Larger frames are nobody's. */
export const maxFrameBytes = 256 * 1024;
export const minChunkBytes = 1024;
export const maxChunkBytes = maxFrameBytes - dataAt;
export const maxNameBytes = 1024;
export const maxTypeBytes = 127;
export const maxIds = 256;

const codes = { hello: 0, offer: 1, accept: 2, chunk: 3, progress: 4, complete: 5, hold: 6, end: 7 } as const;

export function chunksOf({ size, chunkBytes }: Description): number {
  return Math.ceil(size / chunkBytes);
}

/** How long the data of one chunk is. */
export function lengthOf(file: Description, index: number): number {
  return Math.min(file.chunkBytes, file.size - index * file.chunkBytes);
}

/** Everything but chunks: those are written in place, see {@link chunkFrame}. */
export function writeFrame(frame: Exclude<Frame, { type: 'chunk' }>): Uint8Array<ArrayBuffer> {
  switch (frame.type) {
    case 'hello': {
      const bytes = new Uint8Array(4 + frame.ids.length * idBytes);
      bytes[0] = codes.hello;
      bytes[1] = version;
      new DataView(bytes.buffer).setUint16(2, frame.ids.length);
      for (const [index, id] of frame.ids.entries()) bytes.set(fromHex(id), 4 + index * idBytes);
      return bytes;
    }
    case 'offer': {
      const { name, type, size, chunkBytes } = frame.file;
      const encoder = new TextEncoder();
      const [nameBytes, typeBytes] = [encoder.encode(name), encoder.encode(type)];
      const [bytes, view] = start('offer', frame.id, 8 + 4 + 2 + nameBytes.length + 1 + typeBytes.length);
      view.setBigUint64(17, BigInt(size));
      view.setUint32(25, chunkBytes);
      view.setUint16(29, nameBytes.length);
      bytes.set(nameBytes, 31);
      bytes[31 + nameBytes.length] = typeBytes.length;
      bytes.set(typeBytes, 32 + nameBytes.length);
      return bytes;
    }
    case 'accept':
    case 'progress': {
      const [bytes, view] = start(frame.type, frame.id, 8 + (frame.type === 'accept' ? chainBytes : 0));
      view.setUint32(17, frame.next);
      view.setUint32(21, frame.limit);
      if (frame.type === 'accept') bytes.set(frame.chain, 25);
      return bytes;
    }
    case 'complete': {
      const [bytes] = start('complete', frame.id, chainBytes);
      bytes.set(frame.chain, 17);
      return bytes;
    }
    case 'hold':
    case 'end': {
      const [bytes] = start(frame.type, frame.id, 1);
      bytes[17] = frame.type === 'hold' ? Number(frame.held) : endReasons.indexOf(frame.reason);
      return bytes;
    }
    default:
      return frame satisfies never;
  }
}

/** A chunk frame with room for `length` bytes of data; its index, chain and data are to be filled in. */
export function chunkFrame(id: string, length: number): Uint8Array<ArrayBuffer> {
  return start('chunk', id, 4 + chainBytes + length)[0];
}

export function setIndex(chunk: Uint8Array<ArrayBuffer>, index: number): void {
  new DataView(chunk.buffer, chunk.byteOffset).setUint32(17, index);
}

export function readFrame(bytes: Uint8Array<ArrayBuffer>): Frame | null {
  const { length } = bytes;
  if (length < 4 || length > maxFrameBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  if (bytes[0] === codes.hello) return readHello(bytes, view);
  if (length < 1 + idBytes + 1) return null;
  const id = toHex(bytes.subarray(1, 1 + idBytes));
  switch (bytes[0]) {
    case codes.offer: {
      const file = readDescription(bytes, view);
      return file && { type: 'offer', id, file };
    }
    case codes.accept:
      return length === 25 + chainBytes
        ? {
            type: 'accept',
            id,
            next: view.getUint32(17),
            limit: view.getUint32(21),
            chain: bytes.slice(25),
          }
        : null;
    case codes.chunk:
      return length > dataAt ? { type: 'chunk', id, index: view.getUint32(17), bytes } : null;
    case codes.progress:
      return length === 25
        ? { type: 'progress', id, next: view.getUint32(17), limit: view.getUint32(21) }
        : null;
    case codes.complete:
      return length === 17 + chainBytes ? { type: 'complete', id, chain: bytes.slice(17) } : null;
    case codes.hold:
      return length === 18 && (bytes[17] ?? 2) < 2 ? { type: 'hold', id, held: bytes[17] === 1 } : null;
    case codes.end: {
      const reason = endReasons[bytes[17] ?? -1];
      return length === 18 && reason ? { type: 'end', id, reason } : null;
    }
    default:
      return null;
  }
}

function readHello(bytes: Uint8Array, view: DataView): Frame | null {
  const count = view.getUint16(2);
  // A later version may say more behind the ids.
  if ((bytes[1] ?? 0) < version || count > maxIds || bytes.length < 4 + count * idBytes) return null;
  const ids = Array.from({ length: count }, (_, index) =>
    toHex(bytes.subarray(4 + index * idBytes, 4 + (index + 1) * idBytes)),
  );
  return { type: 'hello', ids };
}

function readDescription(bytes: Uint8Array, view: DataView): Description | null {
  if (bytes.length < 32) return null;
  const size = Number(view.getBigUint64(17));
  const chunkBytes = view.getUint32(25);
  const nameLength = view.getUint16(29);
  if (nameLength > maxNameBytes || bytes.length < 32 + nameLength) return null;
  const typeLength = bytes[31 + nameLength] ?? 0;
  if (typeLength > maxTypeBytes || bytes.length !== 32 + nameLength + typeLength) return null;
  if (!Number.isSafeInteger(size) || chunkBytes < minChunkBytes || chunkBytes > maxChunkBytes) return null;
  if (size / chunkBytes >= 2 ** 32) return null;
  // Bytes that are no UTF-8 become U+FFFD: it is only a name.
  const decoder = new TextDecoder();
  return {
    size,
    chunkBytes,
    name: decoder.decode(bytes.subarray(31, 31 + nameLength)),
    type: decoder.decode(bytes.subarray(32 + nameLength)),
  };
}

function start(type: keyof typeof codes, id: string, more: number): [Uint8Array<ArrayBuffer>, DataView] {
  const bytes = new Uint8Array(1 + idBytes + more);
  bytes[0] = codes[type];
  bytes.set(fromHex(id), 1);
  return [bytes, new DataView(bytes.buffer)];
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}
