import type { Data } from './application-data.ts';
import type { FileTransfer } from './files/types.ts';
import type { Forecast } from './forecast.ts';
import type { MediaEnvironment } from './media.ts';
import type { LocalMedia, MediaOptions } from './media-types.ts';
import type { Peer, PeerConfiguration } from './peer.ts';
import type { OpenIdentity, SafetyState } from './safety.ts';
import type { LocalScreen, ScreenEnvironment } from './screen.ts';
import type { Signaling, SignalingOptions } from './signaling.ts';
import type { CallState, ChatMessage, ConnectionPath, RemoteParticipant, Sending } from './state.ts';
import type { TabMemory } from './tab-memory.ts';

export interface CallOptions {
  /** The room's name: see {@link newRoomName}. */
  readonly room: string;
  /** Origin of the Parley server. Defaults to the page's own. */
  readonly serverUrl?: string;
  /** Shown to the other person. Empty: no name is told. */
  readonly name?: string;
  readonly media?: MediaOptions;
  /** `relay` hides this browser's address from the other side. Defaults to `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** How long the first connection may take once both sides talk, in milliseconds. Defaults to 30 seconds. */
  readonly connectWithinMs?: number;
  /**
   * Whether a page that was reloaded in the middle of the call goes back into it by itself, to the same seat and with the
   * same switches. Defaults to true. A duplicate of a tab that is in the call stays in the lobby; joining there takes the
   * call over.
   */
  readonly rejoin?: boolean;
  /**
   * Whether the lobby takes a provisional seat, and with the one in the other seat prepares a connection through the relay, so
   * that joining takes a moment. Until both have joined no media flows and no address is told; the other side learns that
   * somebody is there. Defaults to true, but for Firefox.
   */
  readonly warmUp?: boolean;
  /** How long a lost connection is fought for before `error`, in milliseconds. Defaults to 3 minutes. */
  readonly giveUpAfterMs?: number;
  /**
   * Keeps this browser's certificate and the other side's fingerprint for later calls in this room, so that a change is
   * noticed. Defaults to true.
   */
  readonly rememberContact?: boolean;
}

export interface CallEvents {
  /** Whenever `call.state` changes; the payload is the new state. */
  state: CallState;
  /** A chat message was written or came in. Not for a change of `delivered`: see `messages`. */
  message: ChatMessage;
  /** Whenever `call.messages` changes in any way. */
  messages: readonly ChatMessage[];
  /** Whenever `call.typing` changes. */
  typing: boolean;
  /** Whenever anything in `call.files` changes: an offer, progress (ten times a second at most), an end. */
  files: readonly FileTransfer[];
  /** What the other page sent with `sendData`: text or bytes, in order. Not the files, not the chat. */
  data: Data;
  /** Whether `sendData` has somebody to send to. */
  dataopen: boolean;
  /** Whenever `call.remote` changes: they came, left, muted, switched the camera. */
  remotemedia: RemoteParticipant;
  /** Whenever anything in `call.local` changes. */
  localmedia: LocalMedia;
  /** Whenever `call.sending` changes. */
  sending: Sending;
  /** Whenever `call.screen` changes: also when the browser's own button ends the sharing. */
  screen: LocalScreen;
  /** Whenever `call.path` changes. Null while not connected. */
  path: ConnectionPath | null;
  /** Whenever `call.signaling` changes. */
  signaling: 'online' | 'offline';
  /** Whenever `call.safety` changes. */
  safety: SafetyState;
}

/** The world around a call: the browser's, or a test's. */
export interface CallEnvironment {
  readonly media: MediaEnvironment;
  readonly screen: ScreenEnvironment;
  readonly openSignaling: (options: SignalingOptions) => Signaling;
  readonly openPeer: (configuration: PeerConfiguration) => Peer;
  readonly memory: (room: string) => TabMemory;
  readonly forecast: (
    iceServers: readonly RTCIceServer[],
    policy: RTCIceTransportPolicy,
  ) => Promise<Forecast | null>;
  /** Random and unique to this page. */
  readonly newId: () => string;
  /** Tells what becomes of the page and its network; the result ends it. */
  readonly onPage: (listener: (change: PageChange) => void) => () => void;
  /** Absent: without a safety code. */
  readonly openIdentity?: OpenIdentity;
}

export type PageChange =
  /** It goes away, perhaps into the browser's cache. */
  | 'gone'
  /** It comes back out of the cache. */
  | 'restored'
  /** It was in the background for a while. */
  | 'resumed'
  | 'network-changed';
