import type { ScreenOutcome } from './screen.ts';

/** Why the browser did not give a screen. */
export function outcomeOf(error: unknown): ScreenOutcome {
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
