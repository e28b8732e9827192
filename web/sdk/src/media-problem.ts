import type { MediaKind, MediaOptions, MediaProblem, MediaProblemReason } from './media-types.ts';

/** What there is to know about a refusal besides the browser's error. */
export interface MediaContext {
  readonly secure: boolean;
  /** The browser has getUserMedia at all. */
  readonly supported: boolean;
  /** Null where the browser does not say. */
  readonly permission: PermissionState | null;
  /** Whether the page around a frame lets it have the device; null where the browser does not say. */
  readonly allowedByFrame: boolean | null;
}

export function problemOf(error: unknown, context: MediaContext): MediaProblem {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  return { reason: reasonOf(name, message, context), detail: name ? `${name}: ${message}` : message };
}

function reasonOf(name: string, message: string, context: MediaContext): MediaProblemReason {
  if (!context.secure) return 'insecure-page';
  if (!context.supported) return 'unsupported';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return refusal(message, context);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'not-found';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'unknown';
  }
}

function refusal(message: string, { permission, allowedByFrame }: MediaContext): MediaProblemReason {
  if (allowedByFrame === false) return 'blocked-by-frame';
  // Chromium says so; elsewhere it shows as a refusal in spite of a permission.
  if (/by system/i.test(message) || permission === 'granted') return 'blocked-by-system';
  // A question that was closed leaves the permission open. Where the browser does not say, `blocked` is the safer advice.
  return permission === 'prompt' || /dismissed/i.test(message) ? 'dismissed' : 'blocked';
}

/** The constraints to open a device with: wishes, except for a device that the person has just pointed at. */
export function constraintsOf(
  kind: MediaKind,
  options: MediaOptions,
  choice: {
    readonly deviceId?: ConstrainDOMString | undefined;
    readonly facingMode?: ConstrainDOMString | undefined;
  },
): MediaTrackConstraints {
  const deviceId = choice.deviceId === undefined ? {} : { deviceId: choice.deviceId };
  if (kind === 'microphone')
    return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...deviceId };
  return {
    width: { ideal: options.width ?? 640 },
    height: { ideal: options.height ?? 480 },
    frameRate: { ideal: options.frameRate ?? 15 },
    ...(choice.facingMode === undefined ? {} : { facingMode: choice.facingMode }),
    ...deviceId,
  };
}
