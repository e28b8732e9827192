import { expect, test } from 'vitest';
import {
  type Effect,
  type Event,
  type Machine,
  newMachine,
  step,
  type Timer,
  viewOf,
} from './call-machine.ts';
import { ModelConnection } from './testing/model-connection.ts';
import { ModelServer, type ModelSocket } from './testing/model-server.ts';
import { type Random, seeded } from './testing/random.ts';
import { World } from './testing/world.ts';

/** With every build; `VITE_RUNS=10000 npx vitest run call-machine.simulation` for more. */
const runs = Number((import.meta as { env?: { VITE_RUNS?: string } }).env?.VITE_RUNS ?? 3_000);
const disturbedMs = 60_000;

test(
  `two calls find each other again after ${runs} stories of lobbies, lost sockets, cut paths, reloads and server restarts`,
  () => {
    for (let seed = 1; seed <= runs; seed++) {
      const story = tell(seed);
      const met = story.world.runUntil(
        disturbedMs + 90_000,
        () => story.world.now > disturbedMs && together(story.pages),
      );
      if (!met)
        expect.fail(
          `seed ${seed}:\n${story.log.join('\n')}\n${JSON.stringify(
            story.pages.map((p) => p.machine),
            null,
            1,
          )}`,
        );
    }
  },
  runs * 40,
);

test('without disturbance two people are connected by one offer and one answer', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const world = new World();
    const random = seeded(seed);
    const server = new ModelServer(world, random);
    const pages = [new Page('a', world, random, server), new Page('b', world, random, server)] as const;
    pages[0].other = pages[1];
    pages[1].other = pages[0];
    pages[0].handle({ type: 'join' });
    world.after(random.below(3_000), () => pages[1].handle({ type: 'join' }));

    expect(
      world.runUntil(10_000, () => together(pages)),
      `seed ${seed}`,
    ).toBe(true);

    expect(pages[0].operations.concat(pages[1].operations).sort(), `seed ${seed}`).toEqual([
      'accept-answer',
      'make-answer',
      'make-offer',
    ]);
  }
});

test('media goes on through a restart of the server, untouched', () => {
  const story = quiet(7);
  expect(story.world.runUntil(10_000, () => together(story.pages))).toBe(true);
  const sessions = story.pages.map(({ machine }) => machine.session?.id);

  story.server.restart(5_000);
  const broken = story.world.runUntil(60_000, () => !together(story.pages));

  expect(broken).toBe(false);
  expect(story.pages.map(({ machine }) => machine.session?.id)).toEqual(sessions);
  expect(story.pages.map(({ machine }) => machine.signaling)).toEqual(['joined', 'joined']);
});

test('who closes the page is missed at once and welcomed back', () => {
  const story = quiet(8);
  expect(story.world.runUntil(10_000, () => together(story.pages))).toBe(true);

  story.pages[1].reload('closing');
  expect(
    story.world.runUntil(story.world.now + 500, () => viewOf(story.pages[0].machine).kind === 'waiting'),
  ).toBe(true);
  expect(viewOf(story.pages[0].machine)).toEqual({ kind: 'waiting', reason: 'peer-left' });

  expect(story.world.runUntil(story.world.now + 5_000, () => together(story.pages))).toBe(true);
});

test('who hangs up ends the call for both', () => {
  const story = quiet(9);
  expect(story.world.runUntil(10_000, () => together(story.pages))).toBe(true);

  story.pages[1].handle({ type: 'hang-up' });

  expect(viewOf(story.pages[1].machine)).toEqual({ kind: 'ended', reason: 'hung-up' });
  expect(
    story.world.runUntil(story.world.now + 500, () => viewOf(story.pages[0].machine).kind === 'ended'),
  ).toBe(true);
  expect(viewOf(story.pages[0].machine)).toEqual({ kind: 'ended', reason: 'peer-hung-up' });
});

function quiet(seed: number, relay = true) {
  const world = new World();
  const random = seeded(seed);
  const server = new ModelServer(world, random, { relay });
  const pages: readonly [Page, Page] = [
    new Page('a', world, random, server),
    new Page('b', world, random, server),
  ];
  pages[0].other = pages[1];
  pages[1].other = pages[0];
  for (const page of pages) page.enter();
  return { world, server, pages, random, log: [] as string[] };
}

/** A story of one call: random troubles in the first minute, then peace. */
function tell(seed: number) {
  const story = quiet(seed, seed % 4 > 0);
  const { world, random, server, pages, log } = story;
  const troubles = 1 + random.below(6);
  for (let i = 0; i < troubles; i++) {
    const page = pages[random.below(2) as 0 | 1];
    const other = pages[1 - pages.indexOf(page)] as Page;
    const trouble = random.below(6);
    const ms = random.below(15_000);
    world.after(random.chance(0.3) ? 8_000 + random.below(200) : random.below(disturbedMs - 20_000), () => {
      log.push(
        `${world.now}: ${['socket lost', 'offline', 'path cut', 'reload', 'crash', 'server restart'][trouble]} ${page.name} ${ms}`,
      );
      switch (trouble) {
        case 0:
          return page.socket.lose();
        case 1:
          page.socket.cut = true;
          page.socket.lose();
          page.breakPath(ms);
          return void world.after(ms, () => {
            page.socket.cut = false;
          });
        case 2:
          page.breakPath(ms);
          return other.breakPath(ms);
        case 3:
          return page.reload('closing');
        case 4:
          return page.reload('crash');
        default:
          return server.restart(ms);
      }
    });
  }
  return story;
}

function together(pages: readonly [Page, Page]): boolean {
  const [a, b] = pages;
  return [a, b].every((page) => page.linked && page.atBest && viewOf(page.machine).kind === 'connected');
}

/** One person's browser: the machine, and models of everything around it. */
class Page {
  readonly name: string;
  readonly operations: string[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #server: ModelServer;
  #timers = new Map<Timer, () => void>();
  connection: ModelConnection | null = null;
  #told: 'new' | 'up' | 'stalled' | 'down' = 'new';
  #controlOpen = false;
  #lastLink = 0;
  #controlAt = 0;
  pathDownUntil = 0;
  /** Generations whose candidates no longer reach anybody. */
  deadGeneration: string | null = null;
  /** Generations that were gathered through relays only. */
  readonly #relayOnly = new Set<string>();
  readonly #generations = new Set<string>();
  #warm = false;
  #loads = 0;
  #resume: string | null = null;
  #loading = false;
  machine: Machine;
  socket: ModelSocket;
  other: Page | null = null;

  constructor(name: string, world: World, random: Random, server: ModelServer) {
    this.name = name;
    this.#world = world;
    this.#random = random;
    this.#server = server;
    this.machine = this.#newMachine();
    this.socket = this.#newSocket();
    this.#watch();
  }

  get linked(): boolean {
    return this.#told === 'up' && this.#pathWorks();
  }

  /** Not still on the relay for no reason. */
  get atBest(): boolean {
    const generation = this.connection?.local;
    return generation != null && !this.#relayOnly.has(generation);
  }

  /** Opens the link, and joins after a while. */
  enter(): void {
    const load = this.#loads;
    this.handle({ type: 'arrive' });
    this.#world.after(this.#random.below(6_000), () => load === this.#loads && this.handle({ type: 'join' }));
  }

  handle(event: Event): void {
    // Nobody in the lobby hears of an address, nor has one to tell. What was on its way to a page that has gone may come to the next.
    const told = JSON.stringify(event);
    if (!this.machine.firm && event.type !== 'joined' && told.includes('typ host'))
      expect(told).toContain(`"to":"${this.name}`);
    const [machine, effects] = step(this.machine, event, this.#world.now);
    this.machine = machine;
    this.#resume = machine.seat?.resume ?? this.#resume;
    for (const effect of effects) this.#carryOut(effect);
  }

  breakPath(ms: number): void {
    this.pathDownUntil = Math.max(this.pathDownUntil, this.#world.now + ms);
    // After a long break the browser has other addresses, and only a new generation knows them.
    if (ms > 3_000) this.deadGeneration = this.connection?.local ?? null;
  }

  reload(how: 'closing' | 'crash'): void {
    if (this.#loading) return;
    this.#loading = true;
    if (how === 'closing') this.handle({ type: 'close' });
    else this.socket.vanish();
    this.connection = null;
    this.#loads++;
    this.#world.after(300 + this.#random.below(2_000), () => {
      this.#loading = false;
      this.connection = null;
      for (const cancel of this.#timers.values()) cancel();
      this.#timers = new Map();
      this.machine = this.#newMachine();
      this.socket = this.#newSocket();
      // The token is in the tab's storage.
      const seat = this.#resume && { polite: false, resume: this.#resume, iceServers: [] };
      if (!seat || this.#random.chance(0.3)) return this.enter();
      this.machine = { ...this.machine, seat };
      this.handle({ type: 'join' });
    });
  }

  #newMachine(): Machine {
    return newMachine({
      instance: `${this.name}${this.#loads}`,
      // As in Firefox, which does not.
      warmUp: this.#random.chance(0.8),
      connectWithinMs: 30_000,
      giveUpAfterMs: 180_000,
    });
  }

  #newSocket(): ModelSocket {
    const load = this.#loads;
    return this.#server.connect((event) => {
      if (load !== this.#loads) return;
      // A page that finds the room full tries again, as its person would.
      if ((event.type === 'refused' && event.code === 'ROOM_FULL') || event.type === 'unseated')
        this.#world.after(2_000, () => load === this.#loads && this.handle({ type: 'retry' }));
      this.handle(event);
    });
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'open-signaling':
        return this.socket.open();
      case 'renew-signaling':
        return this.socket.renew();
      case 'leave-and-close-signaling':
        return this.socket.close();
      case 'join-room':
        return this.socket.join(effect.resume, effect.lobby);
      case 'send-signaling':
        return this.socket.send(effect.data);
      case 'forget-signaling':
        return this.socket.forget();
      case 'send-control':
        return this.#control(effect.data);
      case 'open-peer':
        this.#warm = effect.warm;
        expect(effect.warm || this.machine.firm, 'a connection that is not warm, from the lobby').toBe(true);
        this.connection = new ModelConnection(effect.session);
        this.#told = 'new';
        this.#controlOpen = false;
        return;
      case 'close-peer':
        this.connection = null;
        return;
      case 'make-offer':
        return this.#operate(effect.type, (connection) => ({
          type: 'offer-made',
          sdp: connection.makeOffer(effect.restart),
        }));
      case 'make-answer':
        return this.#operate(effect.type, (connection) => ({
          type: 'answer-made',
          sdp: connection.makeAnswer(effect.sdp),
        }));
      case 'accept-answer':
        return this.#operate(effect.type, (connection) => {
          connection.acceptAnswer(effect.sdp);
          return { type: 'answer-accepted' };
        });
      case 'admit-peer':
        this.#warm = false;
        return expect(this.#bothJoined(), 'media for somebody in the lobby').toBe(true);
      case 'configure-peer':
      case 'add-candidate':
        return;
      case 'set-timer': {
        this.#timers.get(effect.timer)?.();
        const cancel = this.#world.after(effect.ms, () =>
          this.handle({ type: 'timer', timer: effect.timer }),
        );
        this.#timers.set(effect.timer, cancel);
        return;
      }
      case 'clear-timer':
        return this.#timers.get(effect.timer)?.();
      default:
        return effect satisfies never;
    }
  }

  #operate(
    name: string,
    operation: (
      connection: ModelConnection,
    ) => { type: 'offer-made' | 'answer-made'; sdp: string } | { type: 'answer-accepted' },
  ): void {
    const connection = this.connection;
    const session = this.machine.session?.id;
    if (!connection || session === undefined) return;
    this.operations.push(name);
    this.#world.after(1 + this.#random.below(40), () => {
      if (connection !== this.connection) return;
      const made = operation(connection);
      this.handle({ session, ...made });
      if ('sdp' in made) this.#gather(session, /ufrag:(\S+)/.exec(made.sdp)?.[1] ?? '');
    });
  }

  #gather(session: string, usernameFragment: string): void {
    if (this.#generations.has(usernameFragment)) return;
    this.#generations.add(usernameFragment);
    if (this.#warm) this.#relayOnly.add(usernameFragment);
    const candidate = `candidate:1 1 udp 1 192.0.2.1 9 typ ${this.#warm ? 'relay' : 'host'}`;
    for (const text of [candidate, ''])
      this.handle({
        type: 'local-candidate',
        session,
        candidate: { candidate: text, sdpMid: '0', sdpMLineIndex: 0, usernameFragment },
      });
  }

  /** A page that was reloaded had joined before. */
  #bothJoined(): boolean {
    const { other } = this;
    return this.machine.firm && other !== null && (other.machine.firm || other.#loads > 0);
  }

  #control(data: unknown): void {
    const { other } = this;
    const [mine, theirs] = [this.connection, other?.connection];
    const copy: unknown = structuredClone(data);
    const deliver = () => {
      const session = other?.machine.session?.id;
      if (!theirs || theirs !== other?.connection || session === undefined) return;
      // Kept and tried again for as long as both ends exist.
      if (!this.#pathWorks())
        return mine === this.connection ? void this.#world.after(200, deliver) : undefined;
      other.handle({ type: 'control-message', session, data: copy });
    };
    // In order, as long as nothing is tried again.
    this.#controlAt = Math.max(this.#controlAt, this.#world.now + 5 + this.#random.below(20));
    this.#world.after(this.#controlAt - this.#world.now, deliver);
  }

  #pathWorks(): boolean {
    const { other } = this;
    const mine = this.connection;
    const theirs = other?.connection;
    if (!mine || !theirs) return false;
    const up = this.#world.now >= this.pathDownUntil && this.#world.now >= (other?.pathDownUntil ?? 0);
    const live =
      (mine.local === null || mine.local !== this.deadGeneration) &&
      (theirs.local === null || theirs.local !== other?.deadGeneration);
    // An established path carries on while a restart is being negotiated.
    return up && live && (mine.agreesWith(theirs) || this.#told === 'up');
  }

  /** What the browser's ICE and data channels would tell. */
  #watch(): void {
    this.#world.after(100, () => {
      const session = this.machine.session?.id;
      if (session !== undefined && this.connection) this.#look(session);
      this.#watch();
    });
  }

  #look(session: string): void {
    if (this.#pathWorks()) {
      this.#lastLink = this.#world.now;
      if (this.#told !== 'up') {
        const stalled = this.#told === 'stalled';
        this.#told = 'up';
        if (!stalled) this.handle({ type: 'connection', session, state: 'connected' });
        if (!this.#controlOpen) {
          this.#controlOpen = true;
          this.handle({ type: 'control-opened', session });
        }
        this.handle({ type: 'heartbeat', session, verdict: 'alive' });
      }
    } else if (this.#told === 'up' && this.#world.now - this.#lastLink > 800) {
      this.#told = 'stalled';
      this.handle({ type: 'heartbeat', session, verdict: 'stalled' });
    } else if (this.#told === 'stalled' && this.#world.now - this.#lastLink > 5_000) {
      this.#told = 'down';
      this.handle({ type: 'connection', session, state: 'disconnected' });
    }
  }
}
