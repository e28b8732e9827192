import { type Hex32, isHex, type Pair, toHex } from './code.ts';

/** What a peer connection knows of the two certificates in use. */
export interface Credentials {
  readonly localSdp: string;
  readonly remoteSdp: string;
  /** Their certificate itself (DER), from the DTLS connection, where the browser shows it. */
  readonly remoteCertificate: ArrayBuffer | null;
}

/**
 * The two fingerprints that the DTLS connection was made with. Null unless each description names exactly one certificate,
 * by SHA-256, and theirs is the one that was really shown: with a choice of two, a lie could hide behind a truth.
 */
export async function pairOf({ localSdp, remoteSdp, remoteCertificate }: Credentials): Promise<Pair | null> {
  const [own, peer] = [fingerprintIn(localSdp), fingerprintIn(remoteSdp)];
  if (!own || !peer) return null;
  if (remoteCertificate && toHex(await crypto.subtle.digest('SHA-256', remoteCertificate)) !== peer)
    return null;
  return { own, peer };
}

export function fingerprintIn(sdp: string): Hex32 | null {
  const found = new Set(sdp.match(/^a=fingerprint:.*$/gm)?.map((line) => line.trim().toLowerCase()));
  const [only] = found;
  if (!only || found.size !== 1) return null;
  const hex = /^a=fingerprint:sha-256 ([0-9a-f]{2}(?::[0-9a-f]{2}){31})$/
    .exec(only)?.[1]
    ?.replaceAll(':', '');
  return isHex(hex, 64) ? hex : null;
}
