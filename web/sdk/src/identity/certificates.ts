import { fingerprintIn } from './fingerprint.ts';

/** As long as browsers allow. */
const lifeMs = 365 * 24 * 3_600_000;
/** From then on the next one stands ready, and the other side is told of it. */
const announceMs = 90 * 24 * 3_600_000;
/** A call that begins with it should not outlive it. */
const spareMs = 2 * 24 * 3_600_000;

export interface Certificates<T extends { readonly expires: number } = RTCCertificate> {
  readonly current: T;
  readonly next: T | null;
}

/** Which certificates to use now, given those that were kept: renewed well before they expire. */
export async function renewed<T extends { readonly expires: number }>(
  kept: Certificates<T> | null,
  now: number,
  make: () => Promise<T>,
): Promise<Certificates<T>> {
  const [current, ...others] = [kept?.current, kept?.next].filter(
    (certificate) => certificate && certificate.expires > now + spareMs,
  );
  if (!current) return { current: await make(), next: null };
  const expiresSoon = current.expires < now + announceMs;
  return { current, next: expiresSoon ? (others[0] ?? (await make())) : null };
}

export const makeCertificate = (): Promise<RTCCertificate> =>
  RTCPeerConnection.generateCertificate({
    name: 'ECDSA',
    namedCurve: 'P-256',
    expires: lifeMs,
  } as EcKeyGenParams);

/** As an offer with it would say: not every browser tells it of a certificate. */
export async function fingerprintOf(certificate: RTCCertificate): Promise<string | null> {
  const connection = new RTCPeerConnection({ certificates: [certificate] });
  try {
    connection.createDataChannel('');
    return fingerprintIn((await connection.createOffer()).sdp ?? '');
  } finally {
    connection.close();
  }
}
