import type { CallError } from '../errors.ts';
import type { Negotiation } from '../negotiation.ts';
import type { ConnectionPath, EndReason, WaitingReason } from '../state.ts';
import type { IceCandidate } from '../wire.ts';

/**
 * The whole call as a pure state machine: `(state, event, now) => [state, effects]`. It touches nothing; `call.ts` carries
 * the effects out and brings what comes of them back as events.
 *
 * A *session* is one RTCPeerConnection of ours and the one of theirs it belongs to. When the other side shows up with a new
 * one (their page was reloaded), ours starts anew as well.
 */
export interface Machine {
  readonly options: MachineOptions;
  readonly phase: Phase;
  /** The person has clicked Join: what is asked of the server from now on is a seat for good. */
  readonly firm: boolean;
  readonly signaling: 'closed' | 'opening' | 'joining' | 'joined';
  readonly seat: Seat | null;
  /** Who sits on the other seat, as far as the server said. */
  readonly present: Participant | null;
  readonly waitingReason: WaitingReason;
  readonly session: Session | null;
  /** How many sessions this call has had; names the next one. */
  readonly sessions: number;
  /** Their peer connections of the past: what still comes from them is stale. */
  readonly retired: readonly string[];
  readonly local: MediaFlags;
  readonly connectedSince: number | null;
  /** Operations on peer connections that failed since the last connection. */
  readonly failures: number;
  /** The warm connection has failed too often, or was kept for long enough: none before both have joined. */
  readonly cooled: boolean;
  /** What came while somebody was still in the lobby, and has to wait until both have joined. */
  readonly held: readonly unknown[];
}

export interface MachineOptions {
  /** Random; tells this page from every other one. */
  readonly instance: string;
  /** Token of the seat this tab had before a reload. */
  readonly resume?: string | null;
  /** Whether to connect while somebody is in the lobby. */
  readonly warmUp: boolean;
  /** How long the first connection may take once both sides talk, in milliseconds. */
  readonly connectWithinMs: number;
  /** How long a lost connection is fought for, in milliseconds. */
  readonly giveUpAfterMs: number;
}

export type Phase =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'joining' }
  | { readonly kind: 'in-room' }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  | { readonly kind: 'error'; readonly error: CallError };

export interface Session {
  readonly id: string;
  /** Theirs; null until somebody of our kind has spoken. */
  readonly remote: string | null;
  readonly peer: PeerKind;
  /** Through relays only and without media, because one of the two is still in the lobby. */
  readonly warm: boolean;
  readonly negotiation: Negotiation;
  readonly link: Link;
  /** Since when a call with our kind is lost, where a new peer connection is to bring it back. */
  readonly lostSince: number | null;
  readonly control: boolean;
  /** Null while not connected. */
  readonly path: ConnectionPath | null;
  /** A relay answered with no. */
  readonly relayRefused: boolean;
  /** ICE has a path, as far as the browser knows: it may carry one way only. */
  readonly through: boolean;
  /** When an ICE restart last began, on either side. */
  readonly restartedAt: number;
  /** A restart is due that the other side could not be told of. */
  readonly owesRestart: boolean;
  /** The heartbeat has stopped: whatever else is said, nothing gets through. Null where there is no heartbeat. */
  readonly stalled: boolean | null;
  /** Null until they said it: they have joined then. */
  readonly remoteMedia: MediaFlags | null;
}

export type PeerKind = 'unknown' | 'parley' | 'textbook';

export type Link =
  | { readonly kind: 'new' | 'connected' }
  | { readonly kind: 'lost'; readonly since: number; readonly attempts: number };

export interface Seat {
  readonly polite: boolean;
  readonly resume: string | null;
  readonly iceServers: readonly RTCIceServer[];
}

export interface Participant {
  readonly id: string;
  readonly name: string | null;
  readonly away: boolean;
  /** Has opened the link and not joined yet. */
  readonly lobby: boolean;
}

export interface MediaFlags {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly recording: boolean;
  readonly cameraPaused: boolean;
  readonly screenPaused: boolean;
}

export const noMedia: MediaFlags = {
  audio: false,
  video: false,
  screen: false,
  recording: false,
  cameraPaused: false,
  screenPaused: false,
};

export type Timer = 'join' | 'introduce' | 'repeat' | 'connect' | 'recover' | 'settle' | 'give-up' | 'cool';

export type ConnectionState = 'connected' | 'disconnected' | 'failed';

export type Event =
  // The person
  | { readonly type: 'arrive' | 'join' | 'hang-up' | 'retry' | 'close' }
  | { readonly type: 'local-media'; readonly media: MediaFlags }
  /** The browser's addresses may be others, or its connections dead; or the page was away for a while. */
  | { readonly type: 'network-changed' | 'page-resumed' }
  // The server
  | { readonly type: 'signaling-opened' | 'signaling-lost' }
  | {
      readonly type: 'joined';
      readonly seat: Seat;
      readonly peer: Participant | null;
      readonly pending: readonly unknown[];
    }
  | { readonly type: 'refused'; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly type: 'peer-joined' | 'peer-back'; readonly peer: Participant }
  | { readonly type: 'peer-away' }
  | { readonly type: 'peer-left'; readonly reason: string }
  | { readonly type: 'unseated'; readonly reason: 'replaced' | 'displaced' }
  | { readonly type: 'ice-servers'; readonly iceServers: readonly RTCIceServer[] }
  | { readonly type: 'message'; readonly data: unknown }
  // The peer connection
  | ({ readonly session: string } & PeerEvent)
  | { readonly type: 'timer'; readonly timer: Timer };

/** `odd`: nothing has come for a moment, and may never again; always said before `stalled`. `detour`: it may go better another way. */
export type Heard = 'alive' | 'odd' | 'stalled' | 'woke' | 'detour';

export type PeerEvent =
  | { readonly type: 'offer-made' | 'answer-made'; readonly sdp: string }
  | { readonly type: 'answer-accepted' }
  /** Nothing can come of this connection any more. */
  | { readonly type: 'operation-failed' }
  | { readonly type: 'local-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'connection'; readonly state: ConnectionState }
  /** Better and sooner informed than `connection`, where there is a heartbeat. */
  | { readonly type: 'heartbeat'; readonly verdict: Heard }
  | { readonly type: 'path'; readonly path: ConnectionPath | null }
  | { readonly type: 'relay-refused' }
  | { readonly type: 'control-opened' | 'control-closed' }
  | { readonly type: 'control-message'; readonly data: unknown };

/** Which m-lines an offer of ours has: our own kind gets all of them at once, so that nothing is ever added later. */
export type Layout = 'parley' | 'textbook';

export type Effect =
  | { readonly type: 'open-signaling' | 'leave-and-close-signaling' }
  /** Tries a new connection to the server beside the one there is, which may be dead without knowing. */
  | { readonly type: 'renew-signaling'; readonly atOnce: boolean }
  | { readonly type: 'join-room'; readonly resume: string | null; readonly lobby: boolean }
  /** To be sent as soon as there is a seat to send it from. */
  | { readonly type: 'send-signaling'; readonly data: unknown }
  /** What has not been delivered by now is of no use any more. */
  | { readonly type: 'forget-signaling' }
  | { readonly type: 'send-control'; readonly data: unknown }
  | {
      readonly type: 'open-peer';
      readonly session: string;
      readonly iceServers: readonly RTCIceServer[];
      /** Through relays only, and nothing but the control channel and the heartbeat until `admit-peer`. */
      readonly warm: boolean;
    }
  | { readonly type: 'admit-peer' }
  | { readonly type: 'configure-peer'; readonly iceServers: readonly RTCIceServer[] }
  /** What was sent last on the control channel still goes out; media stops at once. */
  | { readonly type: 'close-peer' }
  | { readonly type: 'make-offer'; readonly restart: boolean; readonly layout: Layout }
  | { readonly type: 'make-answer'; readonly sdp: string; readonly layout: Layout }
  | { readonly type: 'accept-answer'; readonly sdp: string }
  | { readonly type: 'add-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'clear-timer'; readonly timer: Timer };
