import { type SafetyEmoji, safetyEmoji } from './emoji.ts';

// What is hashed, and how a hash becomes pictures and digits. Written down with a test vector in docs/protocol/data-channels.md.

/** SHA-256 of a certificate, a nonce, a commitment, a digest: 32 bytes as 64 lower-case hexadecimal digits. */
export type Hex32 = string;

/** What two people compare. Pictures (24 bits) and digits (26 bits) are of different bits: either will do. */
export interface SafetyCode {
  readonly emoji: readonly SafetyEmoji[];
  /** Eight digits, in two groups of four. */
  readonly digits: string;
}

/** The two certificates of a connection, as one side sees them. */
export interface Pair {
  readonly own: Hex32;
  readonly peer: Hex32;
}

export interface Party {
  readonly fingerprint: Hex32;
  readonly nonce: Hex32;
}

/** Binds whoever sends it to a nonce, for a connection between these two certificates in this direction. */
export const commitmentOf = (sender: Party, receiver: Hex32): Promise<Hex32> =>
  hash('parley safety commit 1', sender.fingerprint, receiver, sender.nonce);

/** The same on both sides: the lower one of the two comes first. */
export function digestOf(one: Party, other: Party): Promise<Hex32> {
  const parties = [one, other].map(({ fingerprint, nonce }) => fingerprint + nonce).sort();
  return hash('parley safety code 1', ...parties);
}

export function codeOf(digest: Hex32): SafetyCode {
  const bits = Number.parseInt(digest.slice(0, 6), 16);
  const number = BigInt(`0x${digest.slice(6, 22)}`) % 100_000_000n;
  const digits = number.toString().padStart(8, '0');
  return {
    emoji: [18, 12, 6, 0].map((shift) => safetyEmoji[(bits >> shift) & 63] as SafetyEmoji),
    digits: `${digits.slice(0, 4)} ${digits.slice(4)}`,
  };
}

/** Names a digest to somebody who has it too; of bits that are in no code. */
export const nameOf = (digest: Hex32): string => digest.slice(32);

export async function hash(label: string, ...parts: readonly Hex32[]): Promise<Hex32> {
  const text = new TextEncoder().encode(label);
  const bytes = parts.join('').match(/../g) ?? [];
  const input = Uint8Array.of(...text, ...bytes.map((byte) => Number.parseInt(byte, 16)));
  return toHex(await crypto.subtle.digest('SHA-256', input));
}

export const toHex = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const isHex = (value: unknown, digits: number): value is string =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
