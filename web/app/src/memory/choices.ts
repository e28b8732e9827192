import { recall, remember } from './memory.ts';

/** What the person chose, to be chosen again the next time. */
export interface Choices {
  /** Empty: no name is told. */
  readonly name: string;
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  /** Null: the system's own speaker. */
  readonly speakerId: string | null;
  /** Talk through the relay only, so that the other side does not learn this browser's address. */
  readonly hideAddress: boolean;
  /** Keep a certificate for each room, and know the other browser again. */
  readonly rememberContacts: boolean;
  /** Single keys work the call. */
  readonly shortcuts: boolean;
}

const defaults: Choices = {
  name: '',
  camera: true,
  microphone: true,
  cameraId: null,
  microphoneId: null,
  speakerId: null,
  hideAddress: false,
  rememberContacts: true,
  shortcuts: true,
};

/** What was kept, each value only where it has the type of its default. */
export function parseChoices(kept: unknown): Choices {
  const found = (kept ?? {}) as Record<string, unknown>;
  const text = (key: keyof Choices) => (typeof found[key] === 'string' ? (found[key] as string) : null);
  const flag = (key: 'camera' | 'microphone' | 'hideAddress' | 'rememberContacts' | 'shortcuts') =>
    typeof found[key] === 'boolean' ? (found[key] as boolean) : defaults[key];
  return {
    name: text('name') ?? '',
    camera: flag('camera'),
    microphone: flag('microphone'),
    cameraId: text('cameraId'),
    microphoneId: text('microphoneId'),
    speakerId: text('speakerId'),
    hideAddress: flag('hideAddress'),
    rememberContacts: flag('rememberContacts'),
    shortcuts: flag('shortcuts'),
  };
}

export const choices = (): Choices => parseChoices(recall('choices'));

const listeners = new Set<(choices: Choices) => void>();

/** Keeps a change, and tells whoever listens. */
export function choose(change: Partial<Choices>): void {
  const chosen = { ...choices(), ...change };
  remember('choices', chosen);
  for (const listener of listeners) listener(chosen);
}

/** Listens to changes; the result ends it. */
export function onChoices(listener: (choices: Choices) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
