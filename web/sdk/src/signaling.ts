import { io } from 'socket.io-client';
import type { Event, Participant } from './call-machine.ts';

/** The way to the server: rooms, and messages to who is in the other seat. Everything that happens comes as an event. */
export interface Signaling {
  /** Connects, and keeps connecting again until closed. */
  open(): void;
  /** Gives the seat up and disconnects. */
  close(): void;
  /** Asks for a seat; the answer is the event `joined` or `refused`. */
  join(resume: string | null): void;
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

const leaveWithinMs = 1_000;

export function connectSocket(serverUrl: string | undefined): SocketLike {
  const options = {
    autoConnect: false,
    forceNew: true,
    // Straight to WebSocket: one round trip less than polling with an upgrade. Polling is for networks that block it.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 250,
    reconnectionDelayMax: 3_000,
    timeout: 5_000,
  };
  return serverUrl === undefined ? io(options) : io(serverUrl, options);
}

export class SocketSignaling implements Signaling {
  readonly #options: SignalingOptions;
  readonly #socket: SocketLike;
  /** Sent or to be sent, and not acknowledged: in order. */
  #outbox: Outgoing[] = [];
  #joined = false;
  #leaving: ReturnType<typeof setTimeout> | null = null;
  /** The number of the last message to this seat that we have had; the server sends what is newer. */
  #lastSeq: number | null = null;

  constructor(options: SignalingOptions, socket: SocketLike = connectSocket(options.serverUrl)) {
    this.#options = options;
    this.#socket = socket;
    const emit = options.onEvent;
    const here =
      (listener: (payload: unknown, meta: unknown) => void) =>
      (room: unknown, payload: unknown, meta: unknown) => {
        if (room === options.room) listener(payload, meta);
      };
    socket.on('connect', () => emit({ type: 'signaling-opened' }));
    socket.on('disconnect', () => {
      this.#joined = false;
      emit({ type: 'signaling-lost' });
    });
    socket.on(
      'message',
      here((data, meta) => this.#received(data, meta)),
    );
    socket.on(
      'peer-joined',
      here((peer) => this.#tellPeer('peer-joined', peer)),
    );
    socket.on(
      'peer-back',
      here((peer) => this.#tellPeer('peer-back', peer)),
    );
    socket.on(
      'peer-away',
      here(() => emit({ type: 'peer-away' })),
    );
    socket.on(
      'peer-left',
      here((payload) => emit({ type: 'peer-left', reason: String(field(payload, 'reason') ?? '') })),
    );
    for (const reason of ['replaced', 'displaced'] as const)
      socket.on(
        reason,
        here(() => emit({ type: 'unseated', reason })),
      );
    socket.on(
      'room-error',
      here((payload) => this.#refused(payload)),
    );
    socket.on(
      'ice-servers',
      here((payload) => emit({ type: 'ice-servers', iceServers: iceServersOf(payload) })),
    );
  }

  open(): void {
    this.#disconnect();
    if (this.#socket.connected) this.#options.onEvent({ type: 'signaling-opened' });
    else this.#socket.connect();
  }

  close(): void {
    // A server may pass over what comes together with the disconnection, so that waits for the reply.
    if (this.#joined) this.#socket.emit('leave', this.#options.room, () => this.#disconnect());
    this.#leaving = setTimeout(() => this.#disconnect(), this.#joined ? leaveWithinMs : 0);
    this.#joined = false;
    this.#outbox = [];
  }

  join(resume: string | null): void {
    const { room, name } = this.#options;
    const options = { name, resume: resume ?? undefined, lastSeq: this.#lastSeq ?? undefined };
    this.#socket.emit('join', room, options, (reply: unknown) => {
      if (field(reply, 'ok') === true) this.#onJoined(reply);
      else this.#refused(reply);
    });
  }

  send(data: unknown): void {
    const outgoing: Outgoing = { data };
    this.#outbox.push(outgoing);
    if (this.#joined) this.#post(outgoing);
  }

  forget(): void {
    this.#outbox = [];
  }

  /** Only what {@link close} has begun. */
  #disconnect(): void {
    if (this.#leaving === null) return;
    clearTimeout(this.#leaving);
    this.#leaving = null;
    this.#socket.disconnect();
  }

  #post(outgoing: Outgoing): void {
    this.#socket.emit('message', this.#options.room, outgoing.data, (reply: unknown) => {
      const retryAfterMs = field(reply, 'retryAfterMs');
      if (field(reply, 'code') === 'RATE_LIMITED' && typeof retryAfterMs === 'number') {
        setTimeout(
          () => this.#joined && this.#outbox.includes(outgoing) && this.#post(outgoing),
          retryAfterMs,
        );
        return;
      }
      this.#outbox = this.#outbox.filter((other) => other !== outgoing);
      // The seat was lost without our hearing of it: take it again.
      if (field(reply, 'code') === 'NOT_IN_ROOM') {
        this.#joined = false;
        this.#options.onEvent({ type: 'signaling-opened' });
      }
    });
  }

  #onJoined(reply: unknown): void {
    const self = field(reply, 'self');
    const resume = field(reply, 'resume');
    const pending = field(reply, 'pending');
    const seq = field(reply, 'seq');
    const received = Array.isArray(pending) ? pending.map((item) => field(item, 'data')) : [];
    this.#joined = true;
    this.#lastSeq = typeof seq === 'number' ? seq : null;
    for (const outgoing of [...this.#outbox]) this.#post(outgoing);
    this.#options.onEvent({
      type: 'joined',
      seat: {
        polite: field(self, 'role') === 'polite',
        resume: typeof resume === 'string' ? resume : null,
        iceServers: iceServersOf(field(reply, 'iceServers')),
      },
      peer: participantOf(field(reply, 'peer')),
      pending: received,
    });
  }

  #refused(reply: unknown): void {
    const code = field(reply, 'code');
    const retryAfterMs = field(reply, 'retryAfterMs');
    this.#options.onEvent({
      type: 'refused',
      code: typeof code === 'string' ? code : 'INTERNAL',
      retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    });
  }

  #received(data: unknown, meta: unknown): void {
    const seq = field(meta, 'seq');
    if (typeof seq === 'number') this.#lastSeq = seq;
    this.#options.onEvent({ type: 'message', data });
  }

  #tellPeer(type: 'peer-joined' | 'peer-back', payload: unknown): void {
    const peer = participantOf(payload);
    if (peer) this.#options.onEvent({ type, peer });
  }
}

interface Outgoing {
  readonly data: unknown;
}

function participantOf(value: unknown): Participant | null {
  const id = field(value, 'id');
  const name = field(value, 'name');
  return typeof id === 'string'
    ? { id, name: typeof name === 'string' ? name : null, away: field(value, 'away') === true }
    : null;
}

function iceServersOf(value: unknown): readonly RTCIceServer[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((server: unknown) => {
    const urls = field(server, 'urls');
    const username = field(server, 'username');
    const credential = field(server, 'credential');
    const list = (Array.isArray(urls) ? urls : [urls]).filter(
      (url): url is string => typeof url === 'string',
    );
    if (list.length === 0) return [];
    return typeof username === 'string' && typeof credential === 'string'
      ? [{ urls: list, username, credential }]
      : [{ urls: list }];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
