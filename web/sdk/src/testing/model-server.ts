import type { Participant } from '../call-machine.ts';
import type { SignalingEvent } from '../signaling.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** The server's room for two as the signaling contract has it, behind sockets that take time and may break. */
export class ModelServer {
  readonly #world: World;
  readonly #random: Random;
  readonly #resumeWindowMs: number;
  readonly #iceServers: readonly RTCIceServer[];
  #seats: [Seat | null, Seat | null] = [null, null];
  #mailboxes: [Mail[], Mail[]] = [[], []];
  #participants = 0;
  #epochs = 0;
  #up = true;
  readonly #sockets = new Set<ModelSocket>();

  constructor(world: World, random: Random, { resumeWindowMs = 30_000, relay = true } = {}) {
    this.#world = world;
    this.#random = random;
    this.#resumeWindowMs = resumeWindowMs;
    this.#iceServers = relay ? [{ urls: 'turn:relay.example' }] : [];
  }

  connect(onEvent: (event: SignalingEvent) => void): ModelSocket {
    const socket = new ModelSocket(this, this.#world, this.#random, onEvent);
    this.#sockets.add(socket);
    return socket;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Forgets every room; tokens stay valid. */
  restart(downMs: number): void {
    this.#up = false;
    this.#seats = [null, null];
    this.#mailboxes = [[], []];
    for (const socket of this.#sockets) socket.lose();
    this.#world.after(downMs, () => {
      this.#up = true;
    });
  }

  join(socket: ModelSocket, resume: string | null, lobby: boolean): void {
    const claimed = resume === null ? null : { seat: Number(resume[0]), id: resume.slice(2) };
    const own =
      this.#seatOf(socket) ?? (claimed && this.#seats[claimed.seat]?.id === claimed.id ? claimed.seat : null);
    if (own !== null) {
      const before = this.#seats[own];
      if (!before) return;
      if (before.socket && before.socket !== socket)
        before.socket.deliver({ type: 'unseated', reason: 'replaced' });
      const firmed = before.lobby && !lobby;
      this.#seats[own] = {
        ...before,
        socket,
        connection: socket.connection,
        epoch: this.#epochs++,
        lobby: before.lobby && lobby,
      };
      this.#welcome(socket, own);
      if (firmed) this.#other(own)?.deliver({ type: 'peer-joined', peer: this.#participant(own) });
      else if (!before.socket) this.#other(own)?.deliver({ type: 'peer-back', peer: this.#participant(own) });
      return;
    }
    const firmer = lobby ? -1 : this.#seats.findLastIndex((seat) => seat?.lobby);
    if (this.#seats[0] && this.#seats[1] && firmer >= 0) {
      this.#seats[firmer]?.socket?.deliver({ type: 'unseated', reason: 'displaced' });
      this.#clear(firmer, 'displaced');
    }
    const free =
      claimed && !this.#seats[claimed.seat] ? claimed.seat : !this.#seats[0] ? 0 : !this.#seats[1] ? 1 : null;
    if (free === null) {
      socket.deliver({ type: 'refused', code: 'ROOM_FULL', retryAfterMs: null });
      return;
    }
    this.#participants++;
    const id = claimed?.seat === free ? claimed.id : `p${this.#participants}`;
    this.#seats[free] = { id, socket, connection: socket.connection, epoch: this.#epochs++, lobby };
    this.#welcome(socket, free);
    this.#other(free)?.deliver({ type: 'peer-joined', peer: this.#participant(free) });
  }

  send(socket: ModelSocket, data: unknown): void {
    const seat = this.#seatOf(socket);
    // As SocketSignaling takes the refusal NOT_IN_ROOM.
    if (seat === null) return socket.deliver({ type: 'signaling-opened' });
    const other = this.#other(seat);
    if (other) other.deliver({ type: 'message', data });
    else this.#mailboxes[1 - seat]?.push({ data });
  }

  leave(socket: ModelSocket): void {
    const seat = this.#seatOf(socket);
    if (seat !== null) this.#clear(seat, 'left');
  }

  disconnected(socket: ModelSocket, connection: number): void {
    const seat = this.#seatOf(socket);
    if (seat !== null && this.#seats[seat]?.connection !== connection) return;
    const taken = seat === null ? null : this.#seats[seat];
    if (seat === null || !taken) return;
    if (taken.lobby) return this.#clear(seat, 'lost');
    const epoch = this.#epochs++;
    this.#seats[seat] = { ...taken, socket: null, epoch };
    this.#other(seat)?.deliver({ type: 'peer-away' });
    this.#world.after(this.#resumeWindowMs, () => {
      if (this.#seats[seat]?.id === taken.id && this.#seats[seat]?.epoch === epoch) this.#clear(seat, 'lost');
    });
  }

  #clear(seat: number, reason: string): void {
    this.#other(seat)?.deliver({ type: 'peer-left', reason });
    this.#seats[seat] = null;
    this.#mailboxes = [[], []];
  }

  #welcome(socket: ModelSocket, seat: number): void {
    const pending = (this.#mailboxes[seat] ?? []).map(({ data }) => data);
    this.#mailboxes[seat] = [];
    socket.deliver({
      type: 'joined',
      seat: { polite: seat === 1, resume: `${seat}.${this.#seats[seat]?.id}`, iceServers: this.#iceServers },
      peer: this.#seats[1 - seat] ? this.#participant(1 - seat) : null,
      pending,
    });
  }

  #seatOf(socket: ModelSocket): number | null {
    const index = this.#seats.findIndex((seat) => seat?.socket === socket);
    return index < 0 ? null : index;
  }

  #other(seat: number): ModelSocket | null {
    return this.#seats[1 - seat]?.socket ?? null;
  }

  #participant(seat: number): Participant {
    const taken = this.#seats[seat];
    return { id: taken?.id ?? '', name: null, away: taken?.socket === null, lobby: taken?.lobby ?? false };
  }
}

interface Seat {
  readonly id: string;
  /** Null: away. */
  readonly socket: ModelSocket | null;
  readonly connection: number;
  readonly epoch: number;
  readonly lobby: boolean;
}

interface Mail {
  readonly data: unknown;
}

/** One client's socket: in order while it lasts, and what is under way when it breaks is lost. */
export class ModelSocket {
  readonly #server: ModelServer;
  readonly #world: World;
  readonly #random: Random;
  readonly #onEvent: (event: SignalingEvent) => void;
  #wanted = false;
  #connection = 0;
  #open = false;
  #seated = false;
  #outbox: unknown[] = [];
  #upAt = 0;
  #downAt = 0;
  /** The client is cut off from the server. */
  cut = false;

  constructor(server: ModelServer, world: World, random: Random, onEvent: (event: SignalingEvent) => void) {
    this.#server = server;
    this.#world = world;
    this.#random = random;
    this.#onEvent = onEvent;
  }

  /** Counts up with every connection. */
  get connection(): number {
    return this.#connection;
  }

  open(): void {
    // Still saying goodbye: that connection is of no use any more.
    if (!this.#wanted) this.lose();
    this.#wanted = true;
    this.#connect();
  }

  close(): void {
    this.#wanted = false;
    if (this.#open) this.#up(() => this.#server.leave(this));
    const connection = this.#connection;
    this.#world.after(200, () => {
      if (connection === this.#connection) this.#open = false;
    });
  }

  /** The page is gone without a word. */
  vanish(): void {
    this.#wanted = false;
    this.lose();
  }

  join(resume: string | null, lobby: boolean): void {
    this.#up(() => this.#server.join(this, resume, lobby));
  }

  /** Another connection, if there is a way to the server. */
  renew(): void {
    if (this.#wanted && this.#open && !this.cut) this.lose();
  }

  send(data: unknown): void {
    this.#outbox.push(structuredClone(data));
    if (this.#seated) this.#post();
  }

  forget(): void {
    this.#outbox = [];
  }

  lose(): void {
    if (!this.#open) return;
    const connection = this.#connection;
    this.#open = false;
    this.#connection++;
    this.#world.after(1 + this.#random.below(2_000), () => this.#server.disconnected(this, connection));
    if (!this.#wanted) return;
    this.#onEvent({ type: 'signaling-lost' });
    this.#connect();
  }

  /** What was under way when the connection broke is lost; what waited for a seat is not. */
  #post(): void {
    const due = this.#outbox;
    this.#outbox = [];
    for (const data of due) this.#up(() => this.#server.send(this, data));
  }

  deliver(event: SignalingEvent): void {
    const connection = this.#connection;
    this.#downAt = Math.max(this.#downAt, this.#world.now + 5 + this.#random.below(100));
    this.#world.after(this.#downAt - this.#world.now, () => {
      if (!this.#open || !this.#wanted || connection !== this.#connection) return;
      if (event.type === 'joined') this.#seated = true;
      this.#onEvent(event);
      if (event.type === 'joined') this.#post();
    });
  }

  #up(work: () => void): void {
    const connection = this.#connection;
    this.#upAt = Math.max(this.#upAt, this.#world.now + 5 + this.#random.below(100));
    this.#world.after(this.#upAt - this.#world.now, () => {
      if (this.#open && connection === this.#connection) work();
    });
  }

  #connect(): void {
    this.#world.after(100 + this.#random.below(400), () => {
      if (!this.#wanted || this.#open) return;
      if (this.cut || !this.#server.up) return this.#connect();
      this.#open = true;
      this.#seated = false;
      this.#connection++;
      this.#onEvent({ type: 'signaling-opened' });
    });
  }
}
