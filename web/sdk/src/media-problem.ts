import type { MediaProblem, MediaProblemReason } from './media-types.ts';

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
