import type { CallError } from './errors.ts';

/** What the page shows. The call's whole situation is this one value. */
export type CallState =
  /** Not in the room yet: preview, choice of devices, the Join button. */
  | { readonly kind: 'lobby' }
  /** `join()` was called and the server has not answered yet. */
  | { readonly kind: 'joining' }
  /** In the room, alone. */
  | { readonly kind: 'waiting'; readonly reason: WaitingReason }
  /** Somebody is there; the path between the two browsers is being found. */
  | { readonly kind: 'connecting' }
  /** Media flows. `since` is the wall clock (ms) of the first connection of this call. */
  | { readonly kind: 'connected'; readonly since: number }
  /** Media stopped and is being brought back; the call is not over. `since`: wall clock (ms) of the loss. */
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  /** It needs the person: `retry()` tries again. */
  | { readonly kind: 'error'; readonly error: CallError };

export type WaitingReason =
  | 'nobody-yet'
  /** The other person closed the page or went to another one. They may come back by the same link. */
  | 'peer-left'
  /** The other person's connection was lost and did not come back in time. */
  | 'peer-lost';

export type EndReason = 'hung-up' | 'peer-hung-up';

/** Whether media goes from browser to browser or through a TURN server. */
export type ConnectionPath = 'direct' | 'relayed';

/** The value of the `data-call-state` attribute. */
export type CallStateName =
  | 'lobby'
  | 'waiting'
  | 'connecting'
  | 'connected'
  | 'reconnecting'
  | 'ended'
  | 'error';

export function callStateName(state: CallState): CallStateName {
  return state.kind === 'joining' ? 'connecting' : state.kind;
}

/** The other person, as far as we know. A new object on every change. */
export interface RemoteParticipant {
  /** Whether they are in the call, or have opened the link and not joined yet. Null while nobody is there. */
  readonly stage: 'lobby' | 'call' | null;
  /** Null while nobody is there, and in the lobby, where nobody says it yet. */
  readonly name: string | null;
  /** Plays sound and picture of the other side; the same object for as long as the connection lives. */
  readonly stream: MediaStream | null;
  /** Their microphone is on. */
  readonly audio: boolean;
  /** Their camera is on: show the picture, else their name or a placeholder. */
  readonly video: boolean;
  /** Plays their screen and its sound, beside the camera's stream; null: they share none. */
  readonly screen: MediaStream | null;
  /** Their camera is on, and its picture paused: their connection is too weak for it just now. It comes back by itself. */
  readonly cameraPaused: boolean;
  /** The same of the screen they share. */
  readonly screenPaused: boolean;
  /** They record this call. */
  readonly recording: boolean;
  /** The server has lost sight of them. Media may well go on; only worth showing while reconnecting. */
  readonly away: boolean;
}

/** How our own pictures are sent. A new object on every change. */
export interface Sending {
  /** The camera is on, and its picture not sent: the path carries no more than the sound, or the screen besides. */
  readonly cameraPaused: boolean;
  /** The screen is shared, and its picture not sent. */
  readonly screenPaused: boolean;
  /** How many steps below the full quality (0): smaller, slower, coarser, and at last paused. */
  readonly step: number;
  /** Why it is not 0: the path is too thin, or this device too slow to encode. */
  readonly cause: 'network' | 'device' | null;
}

export const unhindered: Sending = { cameraPaused: false, screenPaused: false, step: 0, cause: null };

export interface ChatMessage {
  /** Unique within this call. */
  readonly id: string;
  readonly from: 'me' | 'peer';
  readonly text: string;
  /** When it was written (mine) or came in (theirs): wall clock, ms. */
  readonly at: number;
  /** Theirs are always delivered; mine once the other browser confirmed it. */
  readonly delivered: boolean;
}
