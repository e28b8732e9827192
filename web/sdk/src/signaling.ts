import { io } from 'socket.io-client';
import type { Event, Participant } from './call-machine.ts';
import { isFirefox } from './firefox.ts';
import { newRoomName } from './room-name.ts';

/** The way to the server: rooms, and messages to who is in the other seat. Everything that happens comes as an event. */
export interface Signaling {
  /** Connects, and keeps connecting again until closed. */
  open(): void;
  /** Gives the seat up and disconnects. */
  close(): void;
  /**
   * Tries a new connection beside the one there is, which goes on until the new one is up.
   * @param atOnce Also in place of a new one that is still being made: it began in another network.
   */
  renew(atOnce: boolean): void;
  /** Asks for a seat, provisional (and without a name) from the lobby; the answer is the event `joined` or `refused`. */
  join(resume: string | null, lobby: boolean): void;
  /** Sends in order, again after an interruption if need be, so that a message may arrive twice. */
  send(data: unknown): void;
  /** What has not been delivered yet is of no use any more. */
  forget(): void;
}

export type SignalingEvent = Extract<
  Event,
  {
    type:
      | 'signaling-opened'
      | 'signaling-lost'
      | 'joined'
      | 'refused'
      | 'peer-joined'
      | 'peer-away'
      | 'peer-back'
      | 'peer-left'
      | 'unseated'
      | 'ice-servers'
      | 'message';
  }
>;

export interface SignalingOptions {
  readonly serverUrl: string | undefined;
  readonly room: string;
  readonly name: string | undefined;
  readonly onEvent: (event: SignalingEvent) => void;
}

/** What we use of a Socket.IO socket. */
export interface SocketLike {
  readonly connected: boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/** How long the goodbye may hold up the disconnection. */
const leaveWithinMs = 1_000;
/**
 * A server that confirms nothing for some round trips is not heard any more: after a change of network a dead connection
 * stays open for minutes. The time is bounded at both ends, and the upper bound holds until a round trip is known.
 */
const minConfirmMs = 400;
const maxConfirmMs = 1_500;
const confirmRoundTrips = 3;
/**
 * How long a new connection may take: twice as long as the fastest one took, since others may have waited for the line to be
 * mended, and twice as long again each time. A browser opens one WebSocket to a server at a time, so that one that hangs holds
 * up all others; waiting for its own end costs many seconds. It begins anew every few tries: most of what fails does so because
 * nothing gets through, and the first try after that must not come late; but what is only slow must have its time.
 */
const maxRiseMs = isFirefox ? 7_000 : 5_000;
/** A Firefox (153) keeps what was given up in one of its six places for connections until TCP has its answer: fewer tries there. */
const minRiseMs = isFirefox ? maxRiseMs : 500;
const riseTries = 4;
/** Between connections that are refused. */
const minPauseMs = 200;
const maxPauseMs = 1_000;
/** From this try on, every second one begins with polling: some networks swallow WebSockets without a word. */
const pollingFromTry = 3;
/** The same where the last connection began with a WebSocket: what fails then does so because nothing gets through. */
const pollingLateFromTry = 8;
/** A question on a connection that was given up may still reach the server for this long. */
const ownGhostMs = 10_000;
/** Of the time a server that stops leaves to its clients; the rest is for the new connection. */
const drainShare = 0.5;
/** What the machine says while the server confirms nothing; older words are of no use. */
const maxOutbox = 200;

export function connectSocket(serverUrl: string | undefined, pollingFirst: boolean): SocketLike {
  const options = {
    autoConnect: false,
    forceNew: true,
    // Straight to WebSocket: one round trip less than polling with an upgrade. Polling is for networks that block it.
    transports: pollingFirst ? ['polling', 'websocket'] : ['websocket', 'polling'],
    tryAllTransports: true,
    reconnection: false,
  };
  // Undefined is the page's own server, which the library's types leave out.
  const socket = io(serverUrl as string, options);
  const disconnect = socket.disconnect.bind(socket);
  socket.disconnect = () => {
    // The library (engine.io-client 6.6) would wait for the answer to a first poll before it closes. Where nothing gets through, such
    // polls took all the six connections that a browser makes, and a Firefox's next WebSocket had to wait for one.
    const transport = socket.io.engine?.transport as { pollXhr?: { _xhr?: XMLHttpRequest | null } };
    if (!socket.connected) transport?.pollXhr?._xhr?.abort();
    return disconnect();
  };
  return socket;
}

export class SocketSignaling implements Signaling {
  readonly #options: SignalingOptions;
  readonly #newSocket: (pollingFirst: boolean) => SocketLike;
  /** What the server knows us by until it has given us a seat token, should its answer be lost. */
  readonly #secret = newRoomName();
  /** The one that is used. */
  #socket: SocketLike | null = null;
  /** The one before it: still heard until the new one is in the room. */
  #former: SocketLike | null = null;
  /** Asked for a seat, without a reply so far. */
  readonly #unanswered = new Set<SocketLike>();
  /** When one of them was given up. */
  #gaveUpAt = Number.NEGATIVE_INFINITY;
  /** Connecting, to take the place of the one that is used. */
  #rising: { readonly socket: SocketLike; readonly since: number; readonly pollingFirst: boolean } | null =
    null;
  /** The end of patience with the one that is rising, or of the pause before the next. */
  #riseTimer: ReturnType<typeof setTimeout> | undefined;
  /** Tries since the last connection. */
  #tries = 0;
  #pollingFrom = pollingFromTry;
  /** How long the fastest one took. */
  #riseMs = maxRiseMs;
  #opened = false;
  #joined = false;
  /** Sent or to be sent, and not confirmed: in order. */
  #outbox: Outgoing[] = [];
  #confirmation: ReturnType<typeof setTimeout> | undefined;
  #confirmMs = maxConfirmMs;
  #leaving: { readonly socket: SocketLike; readonly timer: ReturnType<typeof setTimeout> } | null = null;
  /** The number of the last message to this seat that we have had; the server sends what is newer. */
  #lastSeq: number | null = null;

  constructor(
    options: SignalingOptions,
    newSocket = (pollingFirst: boolean) => connectSocket(options.serverUrl, pollingFirst),
  ) {
    this.#options = options;
    this.#newSocket = newSocket;
  }

  open(): void {
    this.#finishLeaving();
    if (this.#opened) return;
    this.#opened = true;
    this.#rise();
  }

  close(): void {
    this.#finishLeaving();
    this.#expectNothing();
    const socket = this.#socket;
    this.#opened = false;
    this.#former?.disconnect();
    this.#dropRising();
    this.#former = this.#socket = null;
    this.#outbox = [];
    if (socket && this.#joined) {
      // A server may pass over what comes together with the disconnection, so that waits for the reply.
      this.#leaving = { socket, timer: setTimeout(() => this.#finishLeaving(), leaveWithinMs) };
      socket.emit('leave', this.#options.room, () => this.#finishLeaving());
    } else {
      socket?.disconnect();
    }
    this.#joined = false;
  }

  renew(atOnce: boolean): void {
    if (!this.#opened || (this.#rising && !atOnce)) return;
    this.#tries = 0;
    this.#rise();
  }

  join(resume: string | null, lobby: boolean): void {
    const { room, name } = this.#options;
    const socket = this.#socket;
    // Without a token this is a first join, or one whose answer was lost, and with it what had been kept for us.
    const lastSeq = this.#lastSeq ?? (resume === null ? 0 : undefined);
    const options = {
      ...(lobby ? { stage: 'lobby' } : { name }),
      resume: resume ?? undefined,
      lastSeq,
      secret: this.#secret,
    };
    const askedAt = this.#expectConfirmation();
    if (!socket) return;
    this.#unanswered.add(socket);
    socket.emit('join', room, options, (reply: unknown) => {
      this.#unanswered.delete(socket);
      if (socket !== this.#socket) return;
      this.#heard(askedAt);
      if (field(reply, 'ok') === true) this.#onJoined(reply);
      else this.#refused(reply);
    });
  }

  send(data: unknown): void {
    const outgoing: Outgoing = { data };
    this.#outbox = [...this.#outbox, outgoing].slice(-maxOutbox);
    if (this.#joined) this.#post(outgoing);
  }

  forget(): void {
    this.#outbox = [];
    this.#expectNothing();
  }

  // --- Sockets

  #rise(): void {
    this.#dropRising();
    const pollingFirst = this.#tries >= this.#pollingFrom && this.#tries % 2 === 1;
    const socket = this.#newSocket(pollingFirst);
    this.#rising = { socket, since: Date.now(), pollingFirst };
    const patienceMs = Math.min(
      maxRiseMs,
      Math.max(minRiseMs, this.#riseMs * 2) * 2 ** (this.#tries % riseTries),
    );
    this.#riseTimer = setTimeout(() => {
      this.#tries++;
      this.#rise();
    }, patienceMs);
    this.#listen(socket);
    socket.connect();
  }

  #again(pauseMs: number): void {
    this.#dropRising();
    this.#tries++;
    this.#riseTimer = setTimeout(() => this.#rise(), pauseMs);
  }

  #dropRising(): void {
    clearTimeout(this.#riseTimer);
    const rising = this.#rising;
    this.#rising = null;
    rising?.socket.disconnect();
  }

  #listen(socket: SocketLike): void {
    const { room, onEvent } = this.#options;
    socket.on('connect', () => this.#connected(socket));
    socket.on('connect_error', () => {
      if (socket === this.#rising?.socket) this.#again(pauseAfter(this.#tries));
    });
    socket.on('disconnect', () => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#joined = false;
      this.#expectNothing();
      onEvent({ type: 'signaling-lost' });
      if (this.#opened && !this.#rising) this.#again(pauseAfter(0));
    });
    const on = (event: string, listener: (payload: unknown, meta: unknown) => void, formerToo = false) =>
      socket.on(event, (about: unknown, payload: unknown, meta: unknown) => {
        const heard = socket === this.#socket || (formerToo && socket === this.#former);
        if (heard && about === room) listener(payload, meta);
      });
    on('message', (data, meta) => this.#received(data, meta), true);
    on('peer-joined', (peer) => this.#tellPeer('peer-joined', peer));
    on('peer-back', (peer) => this.#tellPeer('peer-back', peer));
    on('peer-away', () => onEvent({ type: 'peer-away' }));
    on('peer-left', (payload) =>
      onEvent({ type: 'peer-left', reason: String(field(payload, 'reason') ?? '') }),
    );
    on('replaced', () => this.#replaced());
    on('displaced', () => onEvent({ type: 'unseated', reason: 'displaced' }));
    on('room-error', (payload) => this.#refused(payload));
    on('ice-servers', (payload) => onEvent({ type: 'ice-servers', iceServers: iceServersOf(payload) }));
    on('draining', (payload) => this.#drain(socket, field(payload, 'withinMs')));
  }

  /** This server is about to stop: over to another one in good time, and not all at once. */
  #drain(socket: SocketLike, withinMs: unknown): void {
    const ms = typeof withinMs === 'number' ? Math.max(0, withinMs) : 0;
    setTimeout(() => socket === this.#socket && this.renew(false), Math.random() * ms * drainShare);
  }

  #connected(socket: SocketLike): void {
    if (socket !== this.#rising?.socket) return;
    this.#riseMs = Math.min(this.#riseMs, Date.now() - this.#rising.since);
    this.#pollingFrom = this.#rising.pollingFirst ? pollingFromTry : pollingLateFromTry;
    this.#rising = null;
    clearTimeout(this.#riseTimer);
    this.#tries = 0;
    this.#dropFormer();
    this.#former = this.#socket;
    this.#socket = socket;
    this.#joined = false;
    this.#expectNothing();
    this.#options.onEvent({ type: 'signaling-opened' });
  }

  #dropFormer(): void {
    if (this.#former && this.#unanswered.delete(this.#former)) this.#gaveUpAt = Date.now();
    this.#former?.disconnect();
    this.#former = null;
  }

  /**
   * By another tab or device; or by a connection of our own that was given up, whose question the server came to only after
   * the newer one's. Then the seat is asked for again, once.
   */
  #replaced(): void {
    const { onEvent } = this.#options;
    if (Date.now() - this.#gaveUpAt > ownGhostMs) return onEvent({ type: 'unseated', reason: 'replaced' });
    this.#gaveUpAt = Number.NEGATIVE_INFINITY;
    this.#joined = false;
    onEvent({ type: 'signaling-opened' });
  }

  #finishLeaving(): void {
    if (!this.#leaving) return;
    const { socket, timer } = this.#leaving;
    this.#leaving = null;
    clearTimeout(timer);
    socket.disconnect();
  }

  // --- Requests and events

  #post(outgoing: Outgoing): void {
    const socket = this.#socket;
    const askedAt = this.#expectConfirmation();
    socket?.emit('message', this.#options.room, outgoing.data, (reply: unknown) => {
      if (socket !== this.#socket) return;
      this.#heard(askedAt);
      this.#confirmed(outgoing, reply);
    });
  }

  #confirmed(outgoing: Outgoing, reply: unknown): void {
    const code = field(reply, 'code');
    const retryAfterMs = field(reply, 'retryAfterMs');
    if (code === 'RATE_LIMITED' && typeof retryAfterMs === 'number') {
      setTimeout(() => this.#joined && this.#outbox.includes(outgoing) && this.#post(outgoing), retryAfterMs);
      return;
    }
    this.#outbox = this.#outbox.filter((other) => other !== outgoing);
    if (this.#outbox.length > 0) this.#expectConfirmation();
    // The seat was lost without our hearing of it: take it again.
    if (code === 'NOT_IN_ROOM' && this.#joined) {
      this.#joined = false;
      this.#options.onEvent({ type: 'signaling-opened' });
    }
  }

  /** Runs from the oldest request that is not confirmed. Returns when this one was made. */
  #expectConfirmation(): number {
    this.#confirmation ??= setTimeout(() => {
      this.#confirmation = undefined;
      if (!this.#socket?.connected) return;
      this.renew(false);
      this.#confirmMs = maxConfirmMs;
      this.#expectConfirmation();
    }, this.#confirmMs);
    return Date.now();
  }

  #expectNothing(): void {
    clearTimeout(this.#confirmation);
    this.#confirmation = undefined;
  }

  #heard(askedAt: number): void {
    this.#expectNothing();
    const took = Date.now() - askedAt;
    this.#confirmMs = Math.min(maxConfirmMs, Math.max(minConfirmMs, took * confirmRoundTrips));
  }

  #onJoined(reply: unknown): void {
    const self = field(reply, 'self');
    const pending = field(reply, 'pending');
    const seq = field(reply, 'seq');
    const had = (this.#joined && this.#lastSeq) || 0;
    const received = (Array.isArray(pending) ? pending : [])
      .filter((item) => !(Number(field(item, 'seq')) <= had))
      .map((item) => field(item, 'data'));
    this.#dropFormer();
    // Where a seat is made firm, what is under way goes on.
    if (!this.#joined) for (const outgoing of [...this.#outbox]) this.#post(outgoing);
    this.#joined = true;
    this.#lastSeq = typeof seq === 'number' ? seq : null;
    this.#options.onEvent({
      type: 'joined',
      seat: {
        polite: field(self, 'role') === 'polite',
        resume: text(reply, 'resume'),
        iceServers: iceServersOf(field(reply, 'iceServers')),
      },
      peer: participantOf(field(reply, 'peer')),
      pending: received,
    });
  }

  #refused(reply: unknown): void {
    const retryAfterMs = field(reply, 'retryAfterMs');
    this.#options.onEvent({
      type: 'refused',
      code: text(reply, 'code') ?? 'INTERNAL',
      retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    });
  }

  #received(data: unknown, meta: unknown): void {
    const seq = field(meta, 'seq');
    if (typeof seq === 'number') {
      // Had already, over the connection before.
      if (this.#joined && this.#lastSeq !== null && seq <= this.#lastSeq) return;
      this.#lastSeq = seq;
    }
    this.#options.onEvent({ type: 'message', data });
  }

  #tellPeer(type: 'peer-joined' | 'peer-back', payload: unknown): void {
    const peer = participantOf(payload);
    if (peer) this.#options.onEvent({ type, peer });
  }
}

/** Longer each time, and at random, so that not all come at once to a server that has restarted. */
function pauseAfter(tries: number): number {
  return Math.min(maxPauseMs, minPauseMs * 2 ** tries) * (0.5 + Math.random() / 2);
}

interface Outgoing {
  readonly data: unknown;
}

function participantOf(value: unknown): Participant | null {
  const id = text(value, 'id');
  return id !== null
    ? {
        id,
        name: text(value, 'name'),
        away: field(value, 'away') === true,
        lobby: field(value, 'stage') === 'lobby',
      }
    : null;
}

function iceServersOf(value: unknown): readonly RTCIceServer[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((server: unknown) => {
    const urls = field(server, 'urls');
    const username = text(server, 'username');
    const credential = text(server, 'credential');
    const list = (Array.isArray(urls) ? urls : [urls]).filter(
      (url): url is string => typeof url === 'string',
    );
    if (list.length === 0) return [];
    return username !== null && credential !== null
      ? [{ urls: list, username, credential }]
      : [{ urls: list }];
  });
}

function text(value: unknown, name: string): string | null {
  const found = field(value, name);
  return typeof found === 'string' ? found : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
