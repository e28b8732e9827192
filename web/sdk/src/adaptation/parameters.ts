import type { Picture } from './ladder.ts';

/** How one track is to be sent; null: not at all. */
export type Wish =
  | { readonly sound: 'full' | 'thin' | null }
  /** `held`: not now, but soon again. `behind`: another picture is more important. */
  | { readonly picture: Picture | null; readonly held: boolean; readonly behind: boolean };

interface Track {
  readonly settings: MediaTrackSettings;
  readonly contentHint: string;
  /** The browser may refuse another codec. */
  readonly keepsCodec?: boolean;
}

/** With what TypeScript's types leave out. */
type Encoding = RTCRtpEncodingParameters & { codec?: Codec | undefined };
type Codec = Pick<RTCRtpCodec, 'mimeType' | 'clockRate' | 'sdpFmtpLine'>;

/** Opus at 12 kbit/s is still a voice; sent twice (RED) it takes what 24 kbit/s take once. */
const thinBitrate = 12_000;

/** What `getParameters` returned, with the wish in it. It must be that very object's content, or `setParameters` refuses it. */
export function parametersFor(current: RTCRtpSendParameters, wish: Wish, track: Track): RTCRtpSendParameters {
  // Some Firefoxes have no encoding before one is set.
  const [first = {}] = current.encodings ?? [];
  const encoding: Encoding = { ...first, codec: undefined, ...encodingFor(current, wish, track) };
  return { ...current, encodings: [encoding] };
}

function encodingFor(
  { codecs }: RTCRtpSendParameters,
  wish: Wish,
  { settings, contentHint, keepsCodec }: Track,
): Partial<Encoding> {
  if ('sound' in wish) {
    const twice = codecs?.[0]?.mimeType === 'audio/red';
    const maxBitrate = wish.sound === 'thin' ? (twice ? 1 : 2) * thinBitrate : usualBitrate;
    return { active: wish.sound !== null, maxBitrate, priority: 'high', networkPriority: 'high' };
  }
  const { picture, held, behind } = wish;
  const priority = behind ? 'low' : 'medium';
  if (!picture)
    return {
      active: false,
      codec: keepsCodec ? undefined : otherCodec(codecs),
      priority,
      networkPriority: priority,
    };
  const { maxBitrate, maxFramerate, maxLines } = picture;
  const lines = Math.min(settings.width ?? 0, settings.height ?? 0);
  // A screen that stands in for the camera, for a textbook client, stays sharp as well.
  const scaleResolutionDownBy = contentHint === 'detail' ? 1 : Math.max(1, lines / maxLines);
  return {
    active: !held,
    maxBitrate,
    maxFramerate,
    scaleResolutionDownBy,
    priority,
    networkPriority: priority,
  };
}

/** Opus's own choice for a voice. */
const usualBitrate = 32_000;

/**
 * With its codec a browser changes the whole encoder, and forgets what it has sent. Else it would go on for ten seconds to send again what
 * the thin line has lost, at up to 90 kbit/s, and the sound is lost with it (Chromium 156).
 */
function otherCodec(codecs: readonly RTCRtpCodecParameters[] = []): Codec | undefined {
  const other = codecs.find(
    ({ mimeType }) => mimeType !== codecs[0]?.mimeType && !/\/(rtx|red|ulpfec|flexfec-03)$/i.test(mimeType),
  );
  if (!other) return undefined;
  const { mimeType, clockRate, sdpFmtpLine } = other;
  return { mimeType, clockRate, ...(sdpFmtpLine && { sdpFmtpLine }) };
}
