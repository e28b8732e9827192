import type { ScreenOutcome } from './screen.ts';

/** The browser did not give a screen. Some systems fail as a whole where only the sound cannot be had. */
export async function settle(
  error: unknown,
  withoutSound: () => Promise<MediaStream>,
): Promise<MediaStream | ScreenOutcome> {
  const unreadable = error instanceof Error && error.name === 'NotReadableError';
  return unreadable ? withoutSound().catch(outcomeOf) : outcomeOf(error);
}

function outcomeOf(error: unknown): ScreenOutcome {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  switch (name) {
    case 'NotAllowedError':
      return /system|policy/i.test(message) ? 'blocked' : 'cancelled';
    case 'AbortError':
      return 'cancelled';
    case 'SecurityError':
      return 'blocked';
    case 'NotSupportedError':
    case 'TypeError':
      return 'unsupported';
    default:
      return 'failed';
  }
}
