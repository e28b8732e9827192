import type { Picture } from './ladder.ts';

/** How one track is to be sent. */
export type Wish =
  | { readonly sound: 'full' | 'thin' }
  /** Null: not at all. `behind`: another picture is more important. */
  | { readonly picture: Picture | null; readonly behind: boolean };

/** Opus at 12 kbit/s is still a voice; sent twice (RED) it takes what 24 kbit/s take once. */
const thinBitrate = 12_000;

/** What `getParameters` returned, with the wish in it. It must be that very object's content, or `setParameters` refuses it. */
export function parametersFor(
  current: RTCRtpSendParameters,
  wish: Wish,
  track: { readonly settings: MediaTrackSettings; readonly contentHint: string },
): RTCRtpSendParameters {
  // Some Firefoxes have no encoding before one is set.
  const [first = {}] = current.encodings ?? [];
  return { ...current, encodings: [{ ...first, ...encodingFor(current, wish, track) }] };
}

function encodingFor(
  { codecs }: RTCRtpSendParameters,
  wish: Wish,
  { settings, contentHint }: { readonly settings: MediaTrackSettings; readonly contentHint: string },
): Partial<RTCRtpEncodingParameters> {
  if ('sound' in wish) {
    const twice = codecs?.[0]?.mimeType === 'audio/red';
    const maxBitrate = wish.sound === 'thin' ? (twice ? 1 : 2) * thinBitrate : usualBitrate;
    return { maxBitrate, priority: 'high', networkPriority: 'high' };
  }
  const { picture, behind } = wish;
  const priority = behind ? 'low' : 'medium';
  if (!picture) return { active: false, priority, networkPriority: priority };
  const { maxBitrate, maxFramerate, maxLines } = picture;
  const lines = Math.min(settings.width ?? 0, settings.height ?? 0);
  // A screen that stands in for the camera, for a textbook client, stays sharp as well.
  const scaleResolutionDownBy = contentHint === 'detail' ? 1 : Math.max(1, lines / maxLines);
  return {
    active: true,
    maxBitrate,
    maxFramerate,
    scaleResolutionDownBy,
    priority,
    networkPriority: priority,
  };
}

/** Opus's own choice for a voice. */
const usualBitrate = 32_000;
