/** What {@link CallOver.shareScreen} came to. */
export type ScreenOutcome =
  | 'shared'
  /** The person closed the browser's question. */
  | 'cancelled'
  /** The system or the page around this one does not allow it. */
  | 'blocked'
  /** The browser cannot (phones), or the page is not secure. */
  | 'unsupported'
  | 'failed';

/** Our own screen, while it is shared. A new object on every change. */
export interface LocalScreen {
  /** Null: not shared. */
  readonly stream: MediaStream | null;
  /** Its sound goes along; the microphone stays on beside it. */
  readonly sound: boolean;
}

export interface ScreenEnvironment {
  /** Absent where the browser cannot. */
  readonly getDisplayMedia: ((options: DisplayMediaStreamOptions) => Promise<MediaStream>) | undefined;
}

export type ScreenSlot = 'screen' | 'screenAudio';

export interface ScreenListener {
  readonly onChange: () => void;
  /** What to send from now on; null: nothing. */
  readonly onTrack: (slot: ScreenSlot, track: MediaStreamTrack | null) => void;
}

export const notShared: LocalScreen = { stream: null, sound: false };

/** Newer members of the options than TypeScript knows. */
type Options = DisplayMediaStreamOptions & Record<string, unknown>;

/** Sharpness before smoothness, sound as it is, and not this very page: a picture of itself without end. */
const options: Options = {
  video: { frameRate: { ideal: 15, max: 30 } },
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
};

export class ScreenShare {
  readonly #environment: ScreenEnvironment;
  readonly #listener: ScreenListener;
  #view: LocalScreen = notShared;

  constructor(environment: ScreenEnvironment, listener: ScreenListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  get view(): LocalScreen {
    return this.#view;
  }

  /** Asks the person what to share; in place of what is shared already, if anything is. */
  async start(): Promise<ScreenOutcome> {
    const { getDisplayMedia } = this.#environment;
    if (!getDisplayMedia) return 'unsupported';
    const taken = await getDisplayMedia(options).catch(async (error: unknown) => {
      // Seldom needed, so a part of its own.
      const part = await import('./screen-trouble.ts').catch(() => null);
      return part?.settle(error, () => getDisplayMedia({ ...options, audio: false })) ?? 'failed';
    });
    if (typeof taken === 'string') return taken;
    this.#take(taken);
    return 'shared';
  }

  stop(): void {
    const { stream } = this.#view;
    if (!stream) return;
    for (const track of stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.#show(notShared);
  }

  #take(stream: MediaStream): void {
    this.stop();
    const [picture] = stream.getVideoTracks();
    if (!picture) return;
    picture.contentHint = 'detail';
    // The browser's own "Stop sharing", or the window was closed.
    picture.onended = () => this.stop();
    const [sound] = stream.getAudioTracks();
    if (sound) sound.onended = () => this.#show({ stream, sound: false });
    this.#show({ stream, sound: sound !== undefined });
  }

  #show(view: LocalScreen): void {
    this.#view = view;
    this.#listener.onTrack('screen', view.stream?.getVideoTracks()[0] ?? null);
    this.#listener.onTrack('screenAudio', (view.sound && view.stream?.getAudioTracks()[0]) || null);
    this.#listener.onChange();
  }
}
