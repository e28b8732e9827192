/**
 * Which codecs we would rather receive, best first; without them a browser lists VP8 and plain Opus first. What is not named keeps its
 * place behind.
 *
 * AV1 halves the bits of VP8 for the same picture, and at the sizes of a call costs about the same to encode. It is first only
 * in Chromium on a computer: Firefox has errors with it, and phones encode H.264 in hardware.
 */
const pictures = (userAgent: string): readonly string[] => {
  if (/Mobi|Android/.test(userAgent)) return ['H264', 'VP8', 'VP9'];
  return [...(userAgent.includes('Chrome/') ? ['AV1'] : []), 'VP9', 'VP8', 'H264'];
};

/** Each packet of RED has the one before it once more: of lost packets only those are missed that come in pairs. */
const sound: readonly string[] = ['red', 'opus'];

/**
 * Of each codec only the variant that every browser has (RFC 7742 section 6 for H.264). The others are a third of a description, which is
 * to come through on a line of 64 kbit/s, too: 9.5 KB with them (Chromium 156).
 */
function isUsual({ mimeType, sdpFmtpLine = '' }: Codec): boolean {
  if (/\/H264$/i.test(mimeType))
    return /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42e0/i.test(sdpFmtpLine);
  return !/profile(-id)?=[1-9]/.test(sdpFmtpLine);
}

interface Codec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/** What is offered, in this order. */
export function chosen<Any extends Codec>(codecs: readonly Any[], kind: string, userAgent: string): Any[] {
  const wanted = kind === 'audio' ? sound : pictures(userAgent);
  const rank = ({ mimeType }: Any) => {
    const place = wanted.indexOf(mimeType.split('/')[1] ?? '');
    return place < 0 ? wanted.length : place;
  };
  return codecs.filter(isUsual).toSorted((a, b) => rank(a) - rank(b));
}

/** Before the description that negotiates the m-line is made. */
export function preferCodecs(transceiver: RTCRtpTransceiver): void {
  const { kind } = transceiver.receiver.track;
  try {
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    transceiver.setCodecPreferences(chosen(codecs, kind, navigator.userAgent));
  } catch {
    // Browsers differ in what they can do here and in what they accept: then their own order will do.
  }
}
