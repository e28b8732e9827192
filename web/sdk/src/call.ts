import { Emitter } from './emitter.ts';
import type { DeviceList, LocalDevice, LocalMedia, MediaOptions } from './media-types.ts';
import type { CallState, ChatMessage, ConnectionPath, RemoteParticipant } from './state.ts';

export interface CallOptions {
  /** The room's name: see {@link newRoomName}. */
  readonly room: string;
  /** Origin of the Parley server. Defaults to the page's own. */
  readonly serverUrl?: string;
  /** Shown to the other person. */
  readonly name?: string;
  readonly media?: MediaOptions;
  /** `relay` hides this browser's address from the other side. Defaults to `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

export interface CallEvents {
  /** Whenever `call.state` changes; the payload is the new state. */
  state: CallState;
  /** A chat message was written or came in. Not for a change of `delivered`: see `messages`. */
  message: ChatMessage;
  /** Whenever `call.messages` changes in any way. */
  messages: readonly ChatMessage[];
  /** Whenever `call.remote` changes: they came, left, muted, switched the camera. */
  remotemedia: RemoteParticipant;
  /** Whenever anything in `call.local` changes. */
  localmedia: LocalMedia;
  /** Whenever `call.path` changes. Null while not connected. */
  path: ConnectionPath | null;
  /** Whenever `call.signaling` changes. */
  signaling: 'online' | 'offline';
}

/** A call for two. Made in the lobby; one object per visit of a room. */
export class Call {
  readonly #events = new Emitter<CallEvents>();
  readonly room: string;
  readonly local: LocalMedia = new NoMedia();
  state: CallState = { kind: 'lobby' };
  remote: RemoteParticipant = { name: null, stream: null, audio: false, video: false, away: false };
  messages: readonly ChatMessage[] = [];
  path: ConnectionPath | null = null;
  /** Whether the server hears us. A running call goes on without it: worth a small dot, no more. */
  signaling: 'online' | 'offline' = 'offline';

  constructor(options: CallOptions) {
    this.room = options.room;
  }

  /** Listens to one event; the result ends it. */
  on<Name extends keyof CallEvents>(name: Name, listener: (payload: CallEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Enters the room. Needs no device: without any, the person sees, hears and writes. No effect outside the lobby. */
  join(): void {}

  /** Ends the call for both. */
  hangUp(): void {}

  /** Tries again after `error` or `ended`, or at once while `reconnecting`. */
  retry(): void {}

  /** Sends a chat message, or keeps it until there is a connection. Blank text is refused with a RangeError. */
  sendMessage(text: string): ChatMessage {
    const message: ChatMessage = {
      id: crypto.randomUUID(),
      from: 'me',
      text,
      at: Date.now(),
      delivered: false,
    };
    this.messages = [...this.messages, message];
    this.#events.emit('message', message);
    this.#events.emit('messages', this.messages);
    return message;
  }

  /** Leaves without a word to the person (the page goes elsewhere), closes devices and connections for good. */
  close(): void {}
}

class NoMedia implements LocalMedia {
  readonly stream = new MediaStream();
  readonly microphone: LocalDevice = { enabled: true, live: false, problem: null, deviceId: null };
  readonly camera: LocalDevice = { enabled: true, live: false, problem: null, deviceId: null };
  readonly devices: DeviceList = { microphones: [], cameras: [], speakers: [] };
  readonly starting = false;
  readonly facingMode = 'user';
  async start(): Promise<void> {}
  async setMicrophoneEnabled(): Promise<void> {}
  async setCameraEnabled(): Promise<void> {}
  async switchDevice(): Promise<void> {}
  async flipCamera(): Promise<void> {}
  stop(): void {}
}
