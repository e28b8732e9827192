import { expect, test } from 'vitest';
import { type Effect, type Event, noMedia } from './call-machine.ts';
import { anna, controls, Driver, hello, sdp, sends } from './testing/driver.ts';
import { type Message, write } from './wire.ts';

const relay = [{ urls: 'turn:relay.example' }];
const inLobby = { ...anna, name: null, lobby: true };

test('who opens the link asks for a seat in the lobby, and alone there makes no connection', () => {
  const call = new Driver();
  expect(call.on({ type: 'arrive' })).toEqual([{ type: 'open-signaling' }]);
  expect(call.on({ type: 'signaling-opened' })).toEqual([{ type: 'join-room', resume: null, lobby: true }]);
  expect(types(call.on(seated({ peer: null })))).toEqual([]);
  expect(call.view()).toEqual({ kind: 'lobby' });
});

test('two in the lobby make a connection through relays, and say so with every word', () => {
  const call = lobby({ peer: inLobby });
  expect(call.last).toContainEqual({ type: 'open-peer', session: 'me.1', iceServers: relay, warm: true });
  const sent = sends(call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') }));
  expect(sent).toMatchObject([{ type: 'parley', message: { type: 'hello', from: 'me.1', warm: true } }]);
  expect(sends(call.on(candidate('relay')))).toMatchObject([{ message: { type: 'candidate', warm: true } }]);
  expect(call.view()).toEqual({ kind: 'lobby' });
});

test('without a relay nothing is made in the lobby', () => {
  const call = lobby({ peer: inLobby, iceServers: [{ urls: 'stun:example.org' }] });
  expect(types(call.last)).toEqual([]);
});

test('with the other one in the call already, joining takes one word on the control channel, and an offer for the best path', () => {
  const call = warm({ peer: { ...anna, lobby: false } });
  const effects = call.on({ type: 'join' });
  expect(types(effects)).toEqual(['join-room', 'admit-peer', 'send-control', 'make-offer']);
  expect(effects).toContainEqual({ type: 'join-room', resume: 'token', lobby: false });
  expect(controls(effects)).toMatchObject([{ type: 'media' }]);
  expect(effects).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  expect(call.view()).toEqual({ kind: 'connected', since: 1_000 });
  // The answer of the server changes nothing.
  expect(types(call.on(seated({ peer: { ...anna, lobby: false } })))).toEqual([]);
});

test('who joins first says so without telling what microphone and camera do, and waits', () => {
  const call = warm({ peer: inLobby });
  call.on({ type: 'local-media', media: { ...noMedia, audio: true } });
  const effects = call.on({ type: 'join' });
  expect(types(effects)).toEqual(['join-room', 'send-control']);
  expect(controls(effects)).toMatchObject([{ type: 'media', audio: false, warm: true }]);
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'nobody-yet' });

  const admitted = call.on(says({ type: 'media', ...noMedia }));
  expect(types(admitted)).toEqual(['admit-peer', 'send-control', 'make-offer']);
  expect(controls(admitted)).toMatchObject([{ type: 'media', audio: true }]);
  expect(call.view().kind).toBe('connected');
});

test('the server tells of the join as well as the control channel does', () => {
  const call = warm({ peer: inLobby });
  call.on({ type: 'join' });
  expect(types(call.on({ type: 'peer-joined', peer: { ...anna, lobby: false } }))).toContain('admit-peer');
});

test('the polite side leaves the offer for the best path to the other one', () => {
  const call = warm({ peer: { ...anna, lobby: false }, polite: true });
  expect(types(call.on({ type: 'join' }))).toEqual(['join-room', 'admit-peer', 'send-control']);
});

test('an address is for nobody who is in the lobby', () => {
  const call = new Driver();
  call.on({ type: 'join' });
  call.on({ type: 'signaling-opened' });
  call.on(seated({ peer: null, iceServers: [] }));
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  call.on({ type: 'peer-joined', peer: inLobby });
  expect(sends(call.on(candidate('host')))).toEqual([]);
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'nobody-yet' });
  expect(sends(call.on({ type: 'peer-joined', peer: { ...anna, lobby: false } }))).toMatchObject([
    { message: { type: 'candidate', candidate: expect.stringContaining('typ host') } },
  ]);
});

test('somebody who waits alone meets who comes to the lobby through the relay', () => {
  const call = new Driver();
  call.on({ type: 'join' });
  call.on({ type: 'signaling-opened' });
  call.on(seated({ peer: null }));
  expect(call.last).toContainEqual({ type: 'open-peer', session: 'me.1', iceServers: relay, warm: false });
  const effects = call.on({ type: 'peer-joined', peer: inLobby });
  expect(effects).toContainEqual({ type: 'open-peer', session: 'me.2', iceServers: relay, warm: true });
});

test('what comes in the lobby from one who has joined the ordinary way is kept, and answered on joining', () => {
  const call = lobby({ peer: { ...anna, lobby: false }, polite: true, pending: [hello('them.1', 'theirs')] });
  expect(types(call.last)).not.toContain('make-answer');
  expect(call.on({ type: 'join' })).toContainEqual({
    type: 'make-answer',
    sdp: sdp('theirs'),
    layout: 'parley',
  });
});

test('a textbook client that called into the lobby is answered on joining', () => {
  const call = lobby({
    peer: { ...anna, lobby: false },
    pending: [{ type: 'offer', sdp: sdp('theirs') }],
  });
  expect(call.on({ type: 'join' })).toContainEqual({
    type: 'make-answer',
    sdp: sdp('theirs'),
    layout: 'textbook',
  });
});

test('a click before the connection is up turns it into the ordinary one', () => {
  const call = lobby({ peer: { ...anna, lobby: false } });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  const effects = call.on({ type: 'join' });
  expect(types(effects)).toContain('admit-peer');
  expect(effects).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  expect(call.view()).toEqual({ kind: 'connecting' });
  expect(call.timers).toContain('introduce');
});

test('a click before there is a seat waits for the server', () => {
  const call = new Driver();
  call.on({ type: 'arrive' });
  call.on({ type: 'join' });
  expect(call.view()).toEqual({ kind: 'joining' });
  expect(call.on({ type: 'signaling-opened' })).toContainEqual({
    type: 'join-room',
    resume: null,
    lobby: false,
  });
});

test('a warm connection that fails is tried four times, and then there is none before both have joined', () => {
  const call = lobby({ peer: inLobby });
  for (let session = 1; session <= 3; session++)
    expect(types(call.on({ session: `me.${session}`, type: 'connection', state: 'failed' }))).toContain(
      'open-peer',
    );
  const effects = call.on({ session: 'me.4', type: 'connection', state: 'failed' });
  expect(types(effects)).toContain('close-peer');
  expect(types(effects)).not.toContain('open-peer');
  expect(call.view()).toEqual({ kind: 'lobby' });
  call.on({ type: 'join' });
  call.on({ type: 'peer-joined', peer: { ...anna, lobby: false } });
  expect(call.view()).toEqual({ kind: 'connecting' });
});

test('a relay is not kept busy by two who sit in the lobby', () => {
  const call = warm({ peer: inLobby });
  expect(types(call.fire('cool'))).toContain('close-peer');
  expect(call.machine.session).toBeNull();
  // Somebody else may come and join.
  call.on({ type: 'peer-left', reason: 'left' });
  expect(types(call.on({ type: 'peer-joined', peer: { ...inLobby, id: 'p3' } }))).toContain('open-peer');
});

test('who leaves the lobby takes the connection along, and the other one is told nothing', () => {
  const call = warm({ peer: inLobby });
  expect(types(call.on({ type: 'peer-left', reason: 'lost' }))).toContain('close-peer');
  expect(call.machine.session).toBeNull();
  expect(call.view()).toEqual({ kind: 'lobby' });
});

test('media never begin for somebody of whom the server knows no more', () => {
  const call = warm({ peer: inLobby });
  call.on({ type: 'join' });
  call.on({ type: 'signaling-lost' });
  call.on({ type: 'signaling-opened' });
  expect(types(call.on(seated({ peer: null })))).not.toContain('admit-peer');
});

test.each([
  { type: 'refused', code: 'ROOM_FULL', retryAfterMs: null },
  { type: 'unseated', reason: 'displaced' },
] satisfies Event[])('without a seat in the lobby ($type) the person may still try to join', (event) => {
  const call = lobby({ peer: inLobby });
  expect(types(call.on(event))).toContain('leave-and-close-signaling');
  expect(call.view()).toEqual({ kind: 'lobby' });
  expect(types(call.on({ type: 'join' }))).toContain('open-signaling');
});

test('a goodbye ends nothing for who has not joined', () => {
  const call = warm({ peer: { ...anna, lobby: false } });
  call.on(says({ type: 'bye' }));
  expect(call.view()).toEqual({ kind: 'lobby' });
});

test('a change of network in the lobby renews the way to the server and no more', () => {
  const call = warm({ peer: inLobby });
  expect(types(call.on({ type: 'network-changed' }))).toEqual(['renew-signaling']);
  expect(call.timers).not.toContain('settle');
});

test('the server passes on an offer with its candidates while two are in the lobby; joining takes it one question and no message', () => {
  const call = lobby({ peer: inLobby });
  const before = [
    ...sends(call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') })),
    ...sends(call.on(candidate('relay'))),
    ...sends(call.on(candidate(''))),
    ...sends(call.on(says({ type: 'answer', sdp: sdp('theirs'), number: 1, settled: 0 }))),
    ...sends(call.on({ session: 'me.1', type: 'answer-accepted' })),
  ];
  // Offer, one candidate for each way to the relay, and their end.
  expect(before).toHaveLength(3);
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  call.on({ session: 'me.1', type: 'control-opened' });
  const joining = call.on({ type: 'join' });
  expect(sends(joining)).toEqual([]);
  expect(joining.filter(({ type }) => type === 'join-room')).toHaveLength(1);
});

interface Lobby {
  readonly peer: typeof anna | typeof inLobby | null;
  readonly polite?: boolean;
  readonly pending?: readonly unknown[];
  readonly iceServers?: readonly RTCIceServer[];
}

function seated({ peer, polite = false, pending = [], iceServers = relay }: Lobby): Event {
  return { type: 'joined', seat: { polite, resume: 'token', iceServers }, peer, pending };
}

function lobby(situation: Lobby): Driver {
  const call = new Driver();
  call.on({ type: 'arrive' });
  call.on({ type: 'signaling-opened' });
  call.on(seated(situation));
  return call;
}

/** Connected with `them.1` through the relay. */
function warm(situation: Lobby): Driver {
  const call = lobby(situation);
  if (situation.polite) {
    call.on(says({ type: 'hello', offer: { type: 'offer', sdp: sdp('theirs'), number: 1 } }));
    call.on({ session: 'me.1', type: 'answer-made', sdp: sdp('mine') });
  } else {
    call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
    call.on(says({ type: 'answer', sdp: sdp('theirs'), number: 1, settled: 0 }));
    call.on({ session: 'me.1', type: 'answer-accepted' });
  }
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  call.on({ session: 'me.1', type: 'control-opened' });
  return call;
}

function says(message: Message): Event {
  return { type: 'message', data: write(message, { from: 'them.1', to: 'me.1', warm: true }, 'parley') };
}

function candidate(type: string): Event {
  return {
    session: 'me.1',
    type: 'local-candidate',
    candidate: {
      candidate: type && `candidate:1 1 udp 1 192.0.2.1 9 typ ${type}`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'mine',
    },
  };
}

/** Without the comings and goings of timers. */
function types(effects: readonly Effect[]): string[] {
  return effects
    .map(({ type }) => type)
    .filter((type) => !type.endsWith('timer') && type !== 'send-signaling' && type !== 'forget-signaling');
}
