import type {
  CallEvents,
  CallFiles,
  CallState,
  CallStats,
  ChatMessage,
  ConnectionPath,
  DataOutcome,
  FileTransfer,
  Forecast,
  LocalDevice,
  LocalMedia,
  LocalScreen,
  MediaProblemReason,
  RemoteParticipant,
  SafetyState,
  ScreenOutcome,
  Sending,
} from '@parley/client';
import type { AnyCall } from '../call/any-call.ts';
import { type History, keepHistory, noHistory } from '../call/history.ts';
import { film, filmScreen, type Person } from './person.ts';

/** A call that stands still in one state. */
export interface Scene {
  readonly state: CallState;
  readonly remote?: Partial<RemoteParticipant>;
  /** Who sits there: their camera is on. */
  readonly them?: Person;
  /** The remote camera's size. */
  readonly size?: readonly [number, number];
  readonly you?: Person;
  readonly camera?: Partial<LocalDevice>;
  readonly microphone?: Partial<LocalDevice>;
  readonly cameraProblem?: MediaProblemReason;
  readonly microphoneProblem?: MediaProblemReason;
  readonly starting?: boolean;
  readonly forecast?: Forecast;
  /** What it has been through. */
  readonly history?: Partial<History>;
  readonly otherTab?: boolean;
  /** Where the page is, unless in the room. */
  readonly address?: string;
  readonly labels?: boolean;
  readonly theirScreen?: boolean;
  readonly yourScreen?: boolean;
  readonly path?: ConnectionPath;
  readonly signaling?: 'online' | 'offline';
  readonly messages?: readonly ChatMessage[];
  readonly safety?: SafetyState;
  readonly files?: readonly FileTransfer[];
  readonly typing?: boolean;
  readonly sending?: Sending;
}

export class FakeCall implements AnyCall {
  readonly room = '7k3qm-x0v2d-9hbtc-4wzrf';
  readonly state: CallState;
  readonly remote: RemoteParticipant;
  readonly local: LocalMedia;
  readonly path: ConnectionPath | null;
  readonly signaling: 'online' | 'offline';
  readonly safety: SafetyState;
  readonly sending: Sending;
  messages: readonly ChatMessage[];
  readonly files: CallFiles;
  readonly typing: boolean;
  readonly dropped = 0;
  private readonly listeners = new Map<keyof CallEvents, Set<(payload: never) => void>>();

  private readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
    this.state = scene.state;
    this.path = scene.path ?? null;
    this.signaling = scene.signaling ?? 'online';
    this.messages = scene.messages ?? [];
    this.safety = scene.safety ?? { kind: 'none' };
    this.typing = scene.typing ?? false;
    this.sending = scene.sending ?? { cameraPaused: false, screenPaused: false, step: 0, cause: null };
    this.files = {
      list: scene.files ?? [],
      dropped: 0,
      offer: () => {},
      accept: () => {},
      cancel: () => {},
      pause: () => {},
      resume: () => {},
      open: () => null,
    };
    this.remote = {
      name: null,
      stream: scene.them ? film(scene.them, ...(scene.size ?? [640, 480])) : null,
      audio: true,
      video: scene.them !== undefined,
      screen: scene.theirScreen ? filmScreen() : null,
      cameraPaused: false,
      screenPaused: false,
      recording: false,
      stage: null,
      away: false,
      ...scene.remote,
    };
    this.screen = { stream: scene.yourScreen ? filmScreen() : null, sound: false };
    this.local = localMedia(scene);
    if (scene.history) keepHistory(this, { ...noHistory, ...scene.history });
  }

  on<Name extends keyof CallEvents>(name: Name, listener: (payload: CallEvents[Name]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  sendMessage(text: string): ChatMessage {
    const message: ChatMessage = {
      id: crypto.randomUUID(),
      from: 'me',
      text,
      at: Date.now(),
      delivered: true,
    };
    this.messages = [...this.messages, message];
    for (const listener of this.listeners.get('messages') ?? []) listener(this.messages as never);
    return message;
  }

  readonly screen: LocalScreen;

  setTyping(): void {}

  sendData(): DataOutcome {
    return 'closed';
  }

  shareScreen(): Promise<ScreenOutcome> {
    return Promise.resolve('cancelled');
  }

  forecast(): Promise<Forecast | null> {
    return Promise.resolve(this.scene.forecast ?? null);
  }

  stats(): Promise<CallStats | null> {
    return Promise.resolve(this.path ? statsAt(performance.now(), this.path) : null);
  }

  forgetContact(): Promise<void> {
    return Promise.resolve();
  }

  stopSharing(): void {}
  confirmSafety(): void {}
  setRecording(): void {}
  configure(): void {}
  join(): void {}
  hangUp(): void {}
  retry(): void {}
  close(): void {}
}

function localMedia(scene: Scene): LocalMedia {
  const problem = (reason: MediaProblemReason | undefined) => (reason ? { reason, detail: '' } : null);
  const off: LocalDevice = { enabled: true, live: false, problem: null, deviceId: null };
  const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo => ({
    deviceId,
    groupId: '',
    kind,
    label,
    toJSON: () => ({}),
  });
  const nothing = async () => {};
  return {
    stream: scene.you ? film(scene.you) : new MediaStream(),
    microphone: {
      ...off,
      live: scene.you !== undefined,
      problem: problem(scene.microphoneProblem),
      ...scene.microphone,
    },
    camera: { ...off, live: scene.you !== undefined, problem: problem(scene.cameraProblem), ...scene.camera },
    devices: scene.labels
      ? {
          microphones: [
            device('audioinput', 'm1', 'MacBook Pro Microphone'),
            device('audioinput', 'm2', 'Headset'),
          ],
          cameras: [device('videoinput', 'c1', 'FaceTime HD Camera')],
          speakers: [device('audiooutput', 'default', 'MacBook Pro Speakers')],
        }
      : { microphones: [], cameras: [], speakers: [] },
    starting: scene.starting ?? false,
    facingMode: 'user',
    start: nothing,
    setMicrophoneEnabled: nothing,
    setCameraEnabled: nothing,
    switchDevice: nothing,
    flipCamera: nothing,
    stop: () => {},
  };
}

/** A fair connection, counted: with a little unrest, so that the charts have something to show. */
function statsAt(at: number, kind: ConnectionPath): CallStats {
  const unrest = 1 + Math.sin(at / 3000) / 6;
  const audio = {
    width: null,
    height: null,
    framesPerSecond: null,
    packetsLost: 0,
    packets: at,
    jitterMs: 4,
    codec: 'opus',
  };
  const video = { ...audio, codec: 'VP8', width: 640, height: 480, framesPerSecond: 15 };
  return {
    at,
    path: { kind, transport: 'udp', roundTripMs: 38 + 9 * Math.sin(at / 2000) },
    candidates: { own: ['host udp', 'relay udp'], theirs: ['host udp', 'relay tls'] },
    sent: { audio: { ...audio, bytes: 4 * at }, camera: { ...video, bytes: 70 * at * unrest } },
    received: { audio: { ...audio, bytes: 4 * at }, camera: { ...video, bytes: 81 * at * unrest } },
  };
}
