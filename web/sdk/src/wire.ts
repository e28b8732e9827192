/**
 * What the two browsers say to each other, over the room and over the control channel alike
 * (docs/protocol/data-channels.md). The shapes are the textbook's; `v` and what comes with it are ours.
 */
export const protocolVersion = 1;

export interface IceCandidate {
  /** Empty: the sender has no further candidates of this generation. */
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  /** Names the generation (ICE restart) the candidate belongs to; null where the sender does not say. */
  readonly usernameFragment: string | null;
}

/** Who of our own kind sent a message. Null in its place: a textbook client. */
export interface Sender {
  /** The sender's peer connection: a new one after a reload or a new start. */
  readonly from: string;
  /** The receiver's peer connection it is meant for; null: whichever there is. */
  readonly to: string | null;
  /** One of the two is still in the lobby: the sender's peer connection goes through relays only, and carries no media. */
  readonly warm?: true;
}

export interface Offer {
  readonly type: 'offer';
  readonly sdp: string;
  /** Counts up within the sender's peer connection; null from a textbook client. */
  readonly number: number | null;
}

export interface Answer {
  readonly type: 'answer';
  readonly sdp: string;
  /** The number of the offer it answers; null from a textbook client. */
  readonly number: number | null;
  /** The sender's own offers up to this number are settled: what comes of them later is stale. */
  readonly settled: number;
}

export interface Candidate {
  readonly type: 'candidate';
  readonly candidate: IceCandidate;
}

/** "I am here, and of your kind": opens a session, with the first offer in it where the sender makes it. */
export interface Hello {
  readonly type: 'hello';
  readonly offer: Offer | null;
}

/** From the polite side: "Make an offer that restarts ICE." The offer that takes back one's own would cost the picture. */
export interface Restart {
  readonly type: 'restart';
  /** The latest offer of the other side that is known here: a newer one is the answer to this. */
  readonly after: number;
}

/** The textbook's `got user media`: "I am ready for an offer." */
export interface Ready {
  readonly type: 'ready';
}

/** Hang-up: the call is over for both. */
export interface Bye {
  readonly type: 'bye';
}

/** The page goes away (closed, reloaded, left): the sender may be back in a moment. */
export interface Closing {
  readonly type: 'closing';
}

/**
 * What the sender's microphone and camera are doing, and what else there is to know: the sender has joined. Only over the
 * control channel.
 */
export interface MediaState {
  readonly type: 'media';
  readonly audio: boolean;
  readonly video: boolean;
  /** The third and fourth m-line carry a screen and perhaps its sound. */
  readonly screen: boolean;
  /** The sender records the call. */
  readonly recording: boolean;
  /** The camera is on and its picture paused, for want of room on the sender's path. So it is with the screen. */
  readonly cameraPaused: boolean;
  readonly screenPaused: boolean;
}

export type Message = Offer | Answer | Candidate | Hello | Restart | Ready | Bye | Closing | MediaState;

export interface Received {
  readonly message: Message;
  /** Null: a textbook client. */
  readonly sender: Sender | null;
}

/** How to say it, depending on who listens. */
export type Dialect =
  | 'parley'
  /** Nobody knows yet who is at the other end: our kind reads it, a textbook client passes over it. */
  | 'veiled'
  /** Plain enough for a textbook client, and still ours for our kind. */
  | 'textbook';

export function write(message: Message, sender: Sender, dialect: Dialect): unknown {
  if (dialect === 'textbook' && message.type === 'bye') return 'bye';
  const tag = { v: protocolVersion, ...sender };
  if (message.type !== 'candidate') {
    const tagged = { ...message, ...tag };
    return dialect === 'veiled' ? { type: 'parley', message: tagged } : tagged;
  }
  const candidate = { type: 'candidate', ...message.candidate, ...tag };
  switch (dialect) {
    case 'parley':
      return candidate;
    case 'veiled':
      return { type: 'parley', message: candidate };
    case 'textbook':
      // The codelab's names for the same two fields.
      return { ...candidate, label: candidate.sdpMLineIndex, id: candidate.sdpMid };
    default:
      return dialect satisfies never;
  }
}

/** Reads what came from outside; null for anything that is not a message we know. Never throws. */
export function read(data: unknown): Received | null {
  if (typeof data === 'string') return readText(data);
  if (!isObject(data)) return null;
  if (data.type === 'parley') return isObject(data.message) ? readTagged(data.message) : null;
  return 'v' in data ? readTagged(data) : untagged(readMessage(data));
}

function readText(text: string): Received | null {
  if (text === 'got user media') return untagged({ type: 'ready' });
  return text === 'bye' ? untagged({ type: 'bye' }) : null;
}

function untagged(message: Message | null): Received | null {
  return message && { message, sender: null };
}

function readTagged(data: Fields): Received | null {
  const { v, from, to, warm } = data;
  if (typeof v !== 'number' || v < 1 || typeof from !== 'string' || from === '') return null;
  const message = readMessage(data);
  const sender = { from, to: text(to), ...(warm === true && ({ warm } as const)) };
  return message && { message, sender };
}

function readMessage(data: Fields): Message | null {
  switch (data.type) {
    case 'offer':
      return readOffer(data);
    case 'answer':
      return typeof data.sdp === 'string'
        ? {
            type: 'answer',
            sdp: data.sdp,
            number: integer(data.number),
            settled: integer(data.settled) ?? 0,
          }
        : null;
    case 'candidate':
      return readCandidate(data);
    case 'hello':
      return { type: 'hello', offer: isObject(data.offer) ? readOffer(data.offer) : null };
    case 'restart':
      return { type: 'restart', after: integer(data.after) ?? 0 };
    case 'bye':
    case 'closing':
      return { type: data.type };
    case 'media':
      return {
        type: 'media',
        audio: data.audio === true,
        video: data.video === true,
        screen: data.screen === true,
        recording: data.recording === true,
        cameraPaused: data.cameraPaused === true,
        screenPaused: data.screenPaused === true,
      };
    default:
      return null;
  }
}

function readOffer(data: Fields): Offer | null {
  const { sdp } = data;
  return typeof sdp === 'string' ? { type: 'offer', sdp, number: integer(data.number) } : null;
}

function readCandidate(data: Fields): Candidate | null {
  // A whole RTCIceCandidate in the field `candidate` is a common variation, and so is null for the last one.
  const inner = isObject(data.candidate) ? data.candidate : data;
  const candidate = inner.candidate ?? '';
  if (typeof candidate !== 'string') return null;
  return {
    type: 'candidate',
    candidate: {
      candidate,
      sdpMid: text(inner.sdpMid) ?? text(inner.id),
      sdpMLineIndex: integer(inner.sdpMLineIndex) ?? integer(inner.label),
      usernameFragment: text(inner.usernameFragment) ?? / ufrag (\S+)/.exec(candidate)?.[1] ?? null,
    },
  };
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
