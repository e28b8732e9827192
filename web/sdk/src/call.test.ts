import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { CallOver } from './call.ts';
import type { PeerEvent } from './call-machine.ts';
import type { CallEnvironment, CallOptions, PageChange } from './call-options.ts';
import type { MediaEnvironment } from './media.ts';
import {
  type Identity,
  isSafetyMessage,
  type OpenIdentity,
  type SafetyLine,
  type SafetyState,
} from './safety.ts';
import type { Signaling } from './signaling.ts';
import type { CallState, Sending } from './state.ts';
import type { Remembered, TabMemory } from './tab-memory.ts';
import { FakeNetwork } from './testing/fake-peer.ts';
import { ModelServer, type ModelSocket } from './testing/model-server.ts';
import { seeded } from './testing/random.ts';
import { World } from './testing/world.ts';

let world: World;
let server: ModelServer;
let network: FakeNetwork;

beforeEach(() => {
  world = new World();
  server = new ModelServer(world, seeded(1));
  network = new FakeNetwork();
});

test('two calls go from the lobby to connected, step by step', async () => {
  const anna = newCall('anna');
  anna.call.join();
  await until(() => anna.call.state.kind === 'waiting');
  const ben = newCall('ben');
  ben.call.join();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');

  expect(anna.states).toEqual(['joining', 'waiting', 'connecting', 'connected']);
  expect(ben.states).toEqual(['joining', 'connecting', 'connected']);
  expect(anna.call.remote).toMatchObject({ audio: false, video: false });
  expect(anna.call.remote.stream).not.toBeNull();
  expect(anna.call.path).toBe('direct');
  expect(anna.call.signaling).toBe('online');
});

test('two in the lobby are connected already, without media, and joining takes no more than to say so', async () => {
  const { anna, ben } = await inLobby();
  expect([anna.states, ben.states]).toEqual([[], []]);
  expect(anna.call.remote).toMatchObject({ stage: 'lobby', name: null, stream: null, audio: false });
  expect(network.peers.map(({ admitted }) => admitted)).toEqual([false, false]);

  anna.call.join();
  expect(anna.states).toEqual(['waiting']);
  await until(() => ben.call.remote.stage === 'call');
  expect(network.peers.map(({ admitted }) => admitted)).toEqual([false, false]);
  expect(ben.call.remote.stream).toBeNull();

  ben.call.join();
  expect(ben.states).toEqual(['connected']);
  await until(() => anna.call.state.kind === 'connected');
  expect(network.peers.map(({ admitted }) => admitted)).toEqual([true, true]);
  expect(ben.call.remote.stream).not.toBeNull();
});

test('whether to hide the address may still be chosen in the lobby', async () => {
  const { anna, ben } = await inLobby();
  anna.call.configure({ iceTransportPolicy: 'relay' });
  anna.call.join();
  ben.call.join();
  await until(() => network.peers.every(({ admitted }) => admitted));
  expect(network.peers.map(({ policy }) => policy).sort()).toEqual(['all', 'relay']);
});

test('who leaves the lobby is missed, and the connection let go of', async () => {
  const { anna, ben } = await inLobby();
  ben.call.close();
  await until(() => anna.call.remote.stage === null);
  expect(network.peers.every(({ closed }) => closed)).toBe(true);
  expect(anna.states).toEqual([]);
});

test('a call that shall not warm up says nothing before its person joins', async () => {
  const anna = newCall('anna');
  const ben = newCall('ben', new FakeMemory(), undefined, { warmUp: false });
  await until(() => anna.call.signaling === 'online');
  expect(ben.call.signaling).toBe('offline');
  ben.call.join();
  anna.call.join();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
});

async function inLobby() {
  const [anna, ben] = [newCall('anna'), newCall('ben')];
  await until(() => network.peers.filter(({ linked }) => linked).length === 2);
  return { anna, ben };
}

test('chat goes both ways and is confirmed', async () => {
  const { anna, ben } = await connected();
  const sent = anna.call.sendMessage('hello');
  ben.call.sendMessage('good day');
  await until(() => [anna, ben].every(({ call }) => call.messages.length === 2));
  expect(ben.call.messages.find(({ from }) => from === 'peer')).toMatchObject({ id: sent.id, text: 'hello' });
  await until(() => [anna, ben].every(({ call }) => call.messages.every(({ delivered }) => delivered)));
});

test('what is written before anybody is there arrives when they come', async () => {
  const [anna, ben] = [newCall('anna'), newCall('ben')];
  anna.call.join();
  await until(() => anna.call.state.kind === 'waiting');
  anna.call.sendMessage('are you there?');
  ben.call.join();
  await until(() => ben.call.messages.length === 1);
  expect(ben.call.messages[0]).toMatchObject({ from: 'peer', text: 'are you there?' });
});

test('an empty or endless message is refused', () => {
  const { call } = newCall('anna');
  for (const text of ['', ' \n', 'x'.repeat(10_001)])
    expect(() => call.sendMessage(text)).toThrow(RangeError);
  expect(call.messages).toEqual([]);
});

test('a screen is shared beside the camera, and the other side knows', async () => {
  const { anna, ben } = await connected();
  expect(ben.call.remote.screen).toBeNull();
  expect(await anna.call.shareScreen()).toBe('shared');
  await until(() => ben.call.remote.screen !== null);
  expect(network.peers.some(({ tracks }) => tracks.get('screen') != null)).toBe(true);
  anna.call.stopSharing();
  await until(() => ben.call.remote.screen === null);
  expect(network.peers.some(({ tracks }) => tracks.get('screen') != null)).toBe(false);
});

test('a recording is told to the other side, and ends with the call', async () => {
  const { anna, ben } = await connected();
  anna.call.setRecording(true);
  await until(() => ben.call.remote.recording);
  await anna.call.shareScreen();
  anna.call.hangUp();
  await until(() => ben.call.state.kind === 'ended');
  expect(anna.call.screen.stream).toBeNull();
  anna.call.retry();
  ben.call.retry();
  await until(() => ben.call.state.kind === 'connected');
  expect(ben.call.remote).toMatchObject({ recording: false, screen: null });
});

test('a picture that the network pauses is told to the other side, and forgotten with the connection', async () => {
  const { anna, ben } = await connected();
  await anna.call.shareScreen();
  const heard: Sending[] = [];
  anna.call.on('sending', (sending) => heard.push(sending));
  const weak: Sending = { cameraPaused: false, screenPaused: true, step: 4, cause: 'network' };

  const sender = network.peers.find(({ closed, tracks }) => !closed && tracks.get('screen') != null);
  sender?.configuration.listener.onSending(weak);

  await until(() => ben.call.remote.screenPaused);
  expect(ben.call.remote.screen).not.toBeNull();
  expect(anna.call.sending).toEqual(weak);
  anna.call.hangUp();
  expect(heard).toEqual([weak, { cameraPaused: false, screenPaused: false, step: 0, cause: null }]);
});

test('hanging up ends the call on both sides, and nothing stays open', async () => {
  const { anna, ben } = await connected();
  anna.call.hangUp();
  await until(() => ben.call.state.kind === 'ended');
  expect(anna.call.state).toEqual({ kind: 'ended', reason: 'hung-up' });
  expect(ben.call.state).toEqual({ kind: 'ended', reason: 'peer-hung-up' });
  expect(network.peers.every(({ closed }) => closed)).toBe(true);
  expect(anna.call.remote.stream).toBeNull();
  expect(anna.call.path).toBeNull();
});

test('a call that has ended can begin again', async () => {
  const { anna, ben } = await connected();
  anna.call.hangUp();
  await until(() => ben.call.state.kind === 'ended');
  anna.call.retry();
  ben.call.retry();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
});

test('a page that goes away leaves the other one waiting, and comes back out of the cache into the call', async () => {
  const { anna, ben } = await connected();
  ben.page('gone');
  await until(() => anna.call.state.kind === 'waiting');
  expect(anna.call.state).toEqual({ kind: 'waiting', reason: 'peer-left' });
  ben.page('restored');
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
});

test('a third person is told that the room is full, and the two hear nothing of it', async () => {
  const { anna, ben } = await connected();
  const told = [...anna.states, ...ben.states];
  const carl = newCall('carl');
  carl.call.join();
  await until(() => carl.call.state.kind === 'error');
  expect(carl.call.state).toMatchObject({ error: { reason: 'room-full' } });
  expect([...anna.states, ...ben.states]).toEqual(told);
});

test('a listener hears no more after it has unsubscribed', async () => {
  const { call } = newCall('anna');
  const listener = vi.fn();
  call.on('state', listener)();
  call.join();
  await until(() => call.state.kind === 'waiting');
  expect(listener).not.toHaveBeenCalled();
});

test('calling from a listener is heard in order', async () => {
  const { call, states } = newCall('anna');
  call.on('state', (state) => state.kind === 'waiting' && call.hangUp());
  call.join();
  await until(() => call.state.kind === 'ended');
  expect(states).toEqual(['joining', 'waiting', 'ended']);
});

async function connected() {
  const [anna, ben] = [newCall('anna'), newCall('ben')];
  anna.call.join();
  ben.call.join();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
  return { anna, ben };
}

test('a page that is reloaded in mid-call goes back in by itself, with the same switches', async () => {
  const { anna, ben } = await connected();
  await ben.call.local.setMicrophoneEnabled(false);
  ben.page('gone');
  await until(() => anna.call.state.kind === 'waiting');

  const reloaded = newCall('ben again', ben.memory);

  await until(() => anna.call.state.kind === 'connected' && reloaded.call.state.kind === 'connected');
  expect(reloaded.call.local.microphone.enabled).toBe(false);
  expect(reloaded.call.local.camera.enabled).toBe(true);
});

test('what was said outlives a reload, and what was said meanwhile comes once', async () => {
  const { anna, ben } = await connected();
  anna.call.sendMessage('one');
  await until(() => anna.call.messages[0]?.delivered === true);
  ben.page('gone');
  await until(() => anna.call.state.kind === 'waiting');
  anna.call.sendMessage('two');

  const reloaded = newCall('ben again', ben.memory).call;

  expect(reloaded.messages).toMatchObject([{ text: 'one', from: 'peer' }]);
  await until(() => anna.call.messages[1]?.delivered === true);
  expect(reloaded.messages.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('somebody who writes is seen writing until the message comes', async () => {
  const { anna, ben } = await connected();
  anna.call.setTyping();
  await until(() => ben.call.typing);
  anna.call.sendMessage('done');
  await until(() => ben.call.messages.length === 1);
  expect(ben.call.typing).toBe(false);
  // However soon the next one is begun.
  anna.call.setTyping();
  await until(() => ben.call.typing);
});

test('a flood on control or chat is dropped and counted, and what comes in its time is heard', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { anna, ben } = await connected();
  const listener = network.peers.find(({ linked }) => linked)?.configuration.listener;
  const nonsense = { type: 'media', v: 1, from: 'nobody' };
  // Two dozen restarts with three dozen candidates each, all at once, are no flood.
  for (let i = 0; i < 900; i++) listener?.onEvent({ type: 'control-message', data: nonsense });
  expect(ben.call.dropped).toBe(0);

  for (let i = 0; i < 5_000; i++) {
    listener?.onEvent({ type: 'control-message', data: nonsense });
    listener?.onEvent({ type: 'control-message', data: null });
    listener?.onChat('{"type":"typing"}');
  }
  listener?.onChat('no JSON');
  expect(ben.call.dropped).toBeGreaterThan(13_000);
  expect(ben.call.state.kind).toBe('connected');

  vi.setSystemTime(Date.now() + 1_000);
  const before = ben.call.dropped;
  listener?.onChat('no JSON');
  expect(ben.call.dropped).toBe(before + 1);
  anna.call.setRecording(true);
  anna.call.sendMessage('still here');
  await until(() => ben.call.remote.recording && ben.call.messages.length === 1);
  expect(ben.call.dropped).toBe(before + 1);
});

test('a reload after the call has ended begins in the lobby', async () => {
  const { anna, ben } = await connected();
  anna.call.hangUp();
  await until(() => ben.call.state.kind === 'ended');
  ben.page('gone');
  expect(ben.memory.kept).toBeNull();
});

test('a duplicated tab stays in the lobby until its person joins, and then takes the call over', async () => {
  const { ben } = await connected();
  const copy = new FakeMemory();
  copy.kept = ben.memory.kept && { ...ben.memory.kept, goneAt: Date.now() };
  copy.isAlone = false;

  const duplicate = newCall('ben twice', copy);
  await until(() => copy.asked);
  expect(duplicate.call.state.kind).toBe('lobby');

  duplicate.call.join();
  await until(() => duplicate.call.state.kind === 'connected');
  expect(ben.call.state).toMatchObject({ kind: 'error', error: { reason: 'replaced' } });
});

test('a tab that remembers a call of long ago begins in the lobby', async () => {
  const memory = new FakeMemory();
  memory.kept = { resume: '0.p1', microphone: true, camera: true, goneAt: Date.now() - 61_000 };
  const { call } = newCall('anna', memory);
  world.runUntil(5_000);
  await Promise.resolve();
  expect(call.state.kind).toBe('lobby');
  expect(memory.asked).toBe(false);
});

test('no connection is made before there is a certificate, and what the server said meanwhile is not lost', async () => {
  const identity = new FakeIdentity();
  const anna = newCall('anna', new FakeMemory(), () => identity.opening);
  const ben = newCall('ben');
  ben.call.join();
  anna.call.join();
  await until(() => ben.call.state.kind === 'connecting');
  expect(network.peers).toHaveLength(1);
  identity.open();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
  expect(network.peers.map(({ configuration }) => configuration.certificate)).toEqual([
    null,
    identity.certificate,
  ]);
});

test('without its part of the code there is a call all the same', async () => {
  const anna = newCall('anna', new FakeMemory(), () => Promise.reject(new Error('not there')));
  const ben = newCall('ben');
  anna.call.join();
  ben.call.join();
  await until(() => anna.call.state.kind === 'connected' && ben.call.state.kind === 'connected');
  expect(anna.call.safety).toEqual({ kind: 'none' });
});

test('the safety code has its line for as long as a connection lives, and its messages are for it alone', async () => {
  const [annas, bens] = [new FakeIdentity(), new FakeIdentity()];
  const anna = newCall('anna', new FakeMemory(), annas.openAtOnce);
  const ben = newCall('ben', new FakeMemory(), bens.openAtOnce);
  anna.call.join();
  ben.call.join();
  await until(() => annas.line !== null && bens.line !== null);
  annas.line?.send('control', JSON.stringify({ type: 'safety', step: 'hello' }));
  await until(() => bens.received.length > 0);
  expect(bens.received).toEqual([{ type: 'safety', step: 'hello' }]);

  const heard: string[] = [];
  anna.call.on('safety', ({ kind }) => heard.push(kind));
  annas.onChange({ kind: 'checking', late: false });
  anna.call.hangUp();
  expect(annas.line).toBeNull();
  expect(heard).toEqual(['checking', 'none']);
});

function fakeScreen(): MediaStream {
  const track = { kind: 'video', stop: () => undefined } as MediaStreamTrack;
  return {
    getTracks: () => [track],
    getVideoTracks: () => [track],
    getAudioTracks: () => [],
  } as unknown as MediaStream;
}

function newCall(
  name: string,
  memory = new FakeMemory(),
  openIdentity?: OpenIdentity,
  options: Partial<CallOptions> = {},
) {
  let page: (change: PageChange) => void = () => undefined;
  let ids = 0;
  const environment: CallEnvironment = {
    media: noMedia,
    screen: { getDisplayMedia: async () => fakeScreen() },
    openSignaling: ({ onEvent }) => new ModelSignaling(server.connect(onEvent)),
    openPeer: network.open,
    memory: () => memory,
    forecast: () => Promise.resolve(null),
    newId: () => `${name}${ids++}`,
    onPage: (listener) => {
      page = listener;
      return () => undefined;
    },
    ...(openIdentity && { openIdentity }),
  };
  const call = new CallOver({ room: 'r', name, ...options }, environment);
  const states: CallState['kind'][] = [];
  call.on('state', ({ kind }) => states.push(kind));
  return { call, states, memory, page: (change: PageChange) => page(change) };
}

/** Lets virtual time and microtasks run until something is the case. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000; i++) {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    if (condition()) return;
    world.runUntil(world.now + 10);
  }
  expect.fail(`not within ${world.now} ms: ${condition}`);
}

class ModelSignaling implements Signaling {
  readonly #socket: ModelSocket;

  constructor(socket: ModelSocket) {
    this.#socket = socket;
  }

  open(): void {
    this.#socket.open();
  }

  close(): void {
    this.#socket.close();
  }

  join(resume: string | null, lobby: boolean): void {
    this.#socket.join(resume, lobby);
  }

  send(data: unknown): void {
    this.#socket.send(data);
  }

  renew(): void {
    this.#socket.renew();
  }

  forget(): void {
    this.#socket.forget();
  }
}

class FakeIdentity implements Identity {
  readonly certificate = { name: 'certificate' } as unknown as RTCCertificate;
  readonly received: unknown[] = [];
  line: SafetyLine | null = null;
  onChange: (state: SafetyState) => void = () => undefined;
  readonly opening: Promise<Identity>;
  #opened: (identity: Identity) => void = () => undefined;

  constructor() {
    this.opening = new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  readonly openAtOnce: OpenIdentity = async ({ onChange }) => {
    this.onChange = onChange;
    return this;
  };

  open(): void {
    this.#opened(this);
  }

  hear(line: SafetyLine, event: PeerEvent): boolean {
    if (event.type === 'control-opened') this.line = line;
    if (event.type !== 'control-message' || !isSafetyMessage(event.data)) return false;
    this.received.push(event.data);
    return true;
  }

  close(): void {
    this.line = null;
    this.onChange({ kind: 'none' });
  }

  async setRemember(): Promise<void> {}
  async forget(): Promise<void> {}
  confirm(): void {}
}

class FakeMemory implements TabMemory {
  kept: Remembered | null = null;
  chat: string | null = null;
  isAlone = true;
  asked = false;

  read(): Remembered | null {
    return this.kept;
  }

  write(remembered: Remembered): void {
    this.kept = remembered;
  }

  clear(): void {
    this.kept = null;
    this.chat = null;
  }

  readChat(): string | null {
    return this.chat;
  }

  writeChat(chat: string): void {
    this.chat = chat;
  }

  async alone(): Promise<boolean> {
    this.asked = true;
    return this.isAlone;
  }
}

const noMedia: MediaEnvironment = {
  getUserMedia: () => Promise.reject(Object.assign(new Error('none'), { name: 'NotFoundError' })),
  enumerateDevices: async () => [],
  context: async () => ({ secure: true, supported: true, permission: null, allowedByFrame: null }),
  newStream: () => ({}) as MediaStream,
  onDeviceChange: () => () => undefined,
};
