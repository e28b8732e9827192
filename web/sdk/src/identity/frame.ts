import { type Hex32, isHex } from './code.ts';

// The messages of the safety code on channel 0 (docs/protocol/data-channels.md).

export type Frame =
  | {
      readonly step: 'commit';
      readonly commitment: Hex32;
      /** Names the code that the sender still has for these two certificates. */
      readonly kept: string | null;
      /** The fingerprint of the certificate that will take the place of the sender's when that expires. */
      readonly next: Hex32 | null;
    }
  | { readonly step: 'reveal'; readonly nonce: Hex32 };

export const writeFrame = (frame: Frame): unknown => ({ type: 'safety', v: 1, ...frame });

/** Null for what is not of the form above. Never throws. */
export function readFrame(data: Record<string, unknown>): Frame | null {
  const { step, commitment, kept = null, next = null, nonce } = data;
  if (step === 'reveal') return isHex(nonce, 64) ? { step, nonce } : null;
  if (step !== 'commit' || !isHex(commitment, 64)) return null;
  if (kept !== null && !isHex(kept, 32)) return null;
  if (next !== null && !isHex(next, 64)) return null;
  return { step, commitment, kept, next };
}
