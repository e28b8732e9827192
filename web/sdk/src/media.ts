import { constraintsOf } from './media-constraints.ts';
import type { MediaContext } from './media-problem.ts';
import type {
  DeviceList,
  LocalDevice,
  LocalMedia,
  MediaKind,
  MediaOptions,
  MediaProblem,
} from './media-types.ts';

/** What we use of the browser. */
export interface MediaEnvironment {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  enumerateDevices(): Promise<readonly MediaDeviceInfo[]>;
  context(kind: MediaKind): Promise<MediaContext>;
  newStream(): MediaStream;
  /** Calls back when devices come and go; the result ends it. */
  onDeviceChange(listener: () => void): () => void;
}

export interface MediaListener {
  /** Anything that {@link LocalMedia} shows has changed. */
  readonly onChange: () => void;
  /** What to send from now on; null: nothing. */
  readonly onTrack: (kind: MediaKind, track: MediaStreamTrack | null) => void;
}

type Choice = Parameters<typeof constraintsOf>[2];

export class DeviceMedia implements LocalMedia {
  readonly stream: MediaStream;
  readonly #options: MediaOptions;
  readonly #environment: MediaEnvironment;
  readonly #listener: MediaListener;
  readonly #devices: Record<MediaKind, Device>;
  readonly #endDeviceChange: () => void;
  #list: DeviceList = { microphones: [], cameras: [], speakers: [] };
  #facingMode: 'user' | 'environment';
  /** One change of devices at a time, in the order asked for. */
  #queue: Promise<void> = Promise.resolve();
  #running = 0;

  constructor(options: MediaOptions, environment: MediaEnvironment, listener: MediaListener) {
    this.#options = options;
    this.#environment = environment;
    this.#listener = listener;
    this.#facingMode = options.facingMode ?? 'user';
    this.#devices = {
      microphone: newDevice(options.microphone ?? true, options.microphoneId),
      camera: newDevice(options.camera ?? true, options.cameraId),
    };
    this.stream = environment.newStream();
    this.#endDeviceChange = environment.onDeviceChange(() => void this.#devicesChanged());
  }

  get microphone(): LocalDevice {
    return this.#devices.microphone.view;
  }

  get camera(): LocalDevice {
    return this.#devices.camera.view;
  }

  get devices(): DeviceList {
    return this.#list;
  }

  get starting(): boolean {
    return this.#running > 0;
  }

  get facingMode(): 'user' | 'environment' {
    return this.#facingMode;
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#openAll(kinds.filter((kind) => this.#devices[kind].enabled && !this.#devices[kind].track));
      await this.#readDevices();
    });
  }

  setMicrophoneEnabled(enabled: boolean): Promise<void> {
    return this.#enqueue(async () => {
      const device = this.#devices.microphone;
      device.enabled = enabled;
      if (device.track) device.track.enabled = enabled;
      else if (enabled) await this.#openAll(['microphone']);
    });
  }

  setCameraEnabled(enabled: boolean): Promise<void> {
    return this.#enqueue(async () => {
      const device = this.#devices.camera;
      device.enabled = enabled;
      if (!enabled) this.#drop('camera');
      else if (!device.track) await this.#openAll(['camera']);
    });
  }

  switchDevice({ kind, deviceId }: { readonly kind: MediaKind; readonly deviceId: string }): Promise<void> {
    return this.#enqueue(async () => {
      this.#devices[kind].wish = deviceId;
      if (this.#devices[kind].enabled) await this.#exchange(kind, { deviceId: { exact: deviceId } });
    });
  }

  flipCamera(): Promise<void> {
    return this.#enqueue(async () => {
      const device = this.#devices.camera;
      const facing = device.track?.getSettings().facingMode;
      const other = this.#facingMode === 'user' ? 'environment' : 'user';
      if (facing && (await this.#exchange('camera', { facingMode: { exact: other } }))) {
        this.#facingMode = other;
        device.wish = undefined;
        return;
      }
      await this.#readDevices();
      const ids = this.#list.cameras.map((camera) => camera.deviceId);
      const next = ids[(ids.indexOf(device.view.deviceId ?? '') + 1) % ids.length];
      if (next === undefined || next === device.view.deviceId) return;
      device.wish = next;
      if (device.enabled) await this.#exchange('camera', { deviceId: { exact: next } });
    });
  }

  stop(): void {
    void this.#enqueue(async () => {
      for (const kind of kinds) this.#drop(kind);
    });
  }

  /** Stops, and lets go of the browser. */
  close(): void {
    this.#endDeviceChange();
    this.stop();
  }

  // --- Opening

  /** Together, so that the browser asks once; each alone, if together they fail. */
  async #openAll(wanted: readonly MediaKind[]): Promise<void> {
    if (wanted.length === 0) return;
    for (const kind of wanted) this.#devices[kind].problem = null;
    const both = await this.#open(wanted);
    if (both === null) return;
    const contexts = await Promise.all(wanted.map((kind) => this.#environment.context(kind)));
    for (const [i, kind] of wanted.entries()) {
      const context = contexts[i] ?? unknownContext;
      // A person who said no is not asked again device by device, unless the no was for the other one.
      const worthAsking =
        wanted.length > 1 &&
        (!isRefusal(both) ||
          (context.permission !== 'denied' && contexts.some(({ permission }) => permission === 'denied')));
      const failure = worthAsking ? await this.#open([kind]) : both;
      if (failure !== null) this.#devices[kind].problem = await problemOf(failure, context);
    }
  }

  /** Null when it worked, else what was thrown. */
  async #open(wanted: readonly MediaKind[], choice?: Choice): Promise<unknown> {
    try {
      const constraints: MediaStreamConstraints = {};
      for (const kind of wanted)
        constraints[kind === 'camera' ? 'video' : 'audio'] = constraintsOf(
          kind,
          this.#options,
          choice ?? this.#wish(kind),
        );
      const stream = await this.#environment.getUserMedia(constraints);
      for (const kind of wanted) this.#take(kind, stream);
      return null;
    } catch (error) {
      return error ?? new Error('no reason given');
    }
  }

  #wish(kind: MediaKind): Choice {
    const { wish } = this.#devices[kind];
    if (wish !== undefined) return { deviceId: { ideal: wish } };
    return kind === 'camera' ? { facingMode: { ideal: this.#facingMode } } : {};
  }

  /** Another device in place of the running one, which goes on if the other does not open. */
  async #exchange(kind: MediaKind, choice: Choice): Promise<boolean> {
    const device = this.#devices[kind];
    let failure = await this.#open([kind], choice);
    if (failure !== null && device.track && isBusy(failure)) {
      // Many phones open one camera at a time.
      this.#drop(kind);
      failure = await this.#open([kind], choice);
      if (failure !== null) await this.#open([kind]);
    }
    device.problem =
      failure === null ? null : await problemOf(failure, await this.#environment.context(kind));
    return failure === null;
  }

  #take(kind: MediaKind, from: MediaStream): void {
    const device = this.#devices[kind];
    const [track] = kind === 'camera' ? from.getVideoTracks() : from.getAudioTracks();
    if (!track) return;
    this.#drop(kind);
    if (kind === 'microphone') track.enabled = device.enabled;
    track.onended = () => void this.#lost(kind, track);
    track.onmute = () => this.#interrupted(kind, track, { reason: 'interrupted', detail: '' });
    track.onunmute = () => this.#interrupted(kind, track, null);
    device.track = track;
    device.deviceId = track.getSettings().deviceId ?? null;
    device.problem = null;
    this.stream.addTrack(track);
    this.#listener.onTrack(kind, track);
  }

  #drop(kind: MediaKind): void {
    const device = this.#devices[kind];
    const { track } = device;
    if (!track) return;
    track.onended = null;
    track.onmute = null;
    track.onunmute = null;
    device.track = null;
    track.stop();
    this.stream.removeTrack(track);
    this.#listener.onTrack(kind, null);
  }

  // --- What devices do by themselves

  /** Unplugged, or the permission was taken back: another device may do. */
  #lost(kind: MediaKind, track: MediaStreamTrack): Promise<void> {
    return this.#enqueue(async () => {
      const device = this.#devices[kind];
      if (device.track !== track) return;
      this.#drop(kind);
      const failure = await this.#open([kind]);
      if (failure !== null) device.problem = { reason: 'lost', detail: String(failure) };
      await this.#readDevices();
    });
  }

  /** A phone call or another program holds the device; it comes back by itself, or not. */
  #interrupted(kind: MediaKind, track: MediaStreamTrack, problem: MediaProblem | null): void {
    const device = this.#devices[kind];
    if (device.track !== track) return;
    device.problem = problem;
    this.#changed();
  }

  #devicesChanged(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#readDevices();
      for (const kind of kinds) {
        const { enabled, track, problem } = this.#devices[kind];
        const present = kind === 'camera' ? this.#list.cameras : this.#list.microphones;
        const missing = problem?.reason === 'not-found' || problem?.reason === 'lost';
        if (enabled && !track && missing && present.length > 0) await this.#openAll([kind]);
      }
    });
  }

  async #readDevices(): Promise<void> {
    try {
      const all = await this.#environment.enumerateDevices();
      const of = (kind: MediaDeviceKind) =>
        all.filter((device) => device.kind === kind && device.deviceId !== '');
      this.#list = {
        microphones: of('audioinput'),
        cameras: of('videoinput'),
        speakers: of('audiooutput'),
      };
    } catch {
      // Where devices may not be listed there is none to choose from.
      this.#list = { microphones: [], cameras: [], speakers: [] };
    }
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#running++;
    const done = this.#queue.then(async () => {
      this.#changed();
      try {
        await work();
      } finally {
        this.#running--;
        this.#changed();
      }
    });
    // A defect in one change must not stop the next; its own caller hears of it.
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #changed(): void {
    for (const kind of kinds) this.#devices[kind].view = viewOf(this.#devices[kind]);
    this.#listener.onChange();
  }
}

interface Device {
  enabled: boolean;
  track: MediaStreamTrack | null;
  problem: MediaProblem | null;
  deviceId: string | null;
  /** The device to prefer, if it is there. */
  wish: string | undefined;
  view: LocalDevice;
}

const kinds: readonly MediaKind[] = ['microphone', 'camera'];

const unknownContext: MediaContext = {
  secure: true,
  supported: true,
  permission: null,
  allowedByFrame: null,
};

function newDevice(enabled: boolean, wish: string | undefined): Device {
  return {
    enabled,
    track: null,
    problem: null,
    deviceId: null,
    wish,
    view: { enabled, live: false, problem: null, deviceId: wish ?? null },
  };
}

function viewOf({ enabled, track, problem, deviceId, wish }: Device): LocalDevice {
  return {
    enabled,
    live: enabled && track !== null && problem === null,
    problem: enabled ? problem : null,
    deviceId: deviceId ?? wish ?? null,
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotAllowedError';
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotReadableError' || error.name === 'AbortError');
}

/** What went wrong, in our words: a part that few people ever need, and that may not load for lack of the server. */
function problemOf(error: unknown, context: MediaContext): Promise<MediaProblem> {
  return import('./media-problem.ts')
    .then((part) => part.problemOf(error, context))
    .catch(() => ({ reason: 'unknown', detail: String(error) }));
}
