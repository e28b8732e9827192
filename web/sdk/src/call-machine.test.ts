import { expect, test } from 'vitest';
import { type Effect, type Event, noMedia } from './call-machine.ts';
import {
  anna,
  connected,
  controls,
  Driver,
  hello,
  joined,
  joinedEvent,
  localCandidate,
  says,
  sdp,
  sends,
} from './testing/driver.ts';
import { write } from './wire.ts';

test('the first in the room waits, and leaves a veiled offer for who comes, without an address in it', () => {
  const call = joined({ polite: false });
  const sent = call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'nobody-yet' });
  expect(sends(sent)).toEqual([
    {
      type: 'parley',
      message: {
        type: 'hello',
        offer: { type: 'offer', sdp: sdp('mine'), number: 1 },
        v: 1,
        from: 'me.1',
        to: null,
      },
    },
  ]);
  expect(sends(call.on(localCandidate))).toEqual([]);
});

test('candidates go out as soon as somebody is there', () => {
  const call = joined({ polite: false });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  call.on(localCandidate);
  const sent = sends(call.on({ type: 'peer-joined', peer: anna }));
  expect(sent).toEqual([
    { type: 'parley', message: expect.objectContaining({ type: 'candidate', usernameFragment: 'mine' }) },
  ]);
  expect(call.view()).toEqual({ kind: 'connecting' });
});

test('the second in the room answers the parked offer at once and says nothing else', () => {
  const call = joined({ polite: true, peer: anna, pending: [hello('them.1', 'theirs')] });
  expect(call.last.filter(({ type }) => type === 'make-answer')).toEqual([
    { type: 'make-answer', sdp: sdp('theirs'), layout: 'parley' },
  ]);
  expect(sends(call.last)).toEqual([]);
  expect(sends(call.on({ session: 'me.1', type: 'answer-made', sdp: sdp('mine') }))).toEqual([
    { type: 'answer', sdp: sdp('mine'), number: 1, settled: 0, v: 1, from: 'me.1', to: 'them.1' },
  ]);
});

test('a connection makes the call connected, for as long as it has been since the first one', () => {
  const call = connected();
  expect(call.view()).toEqual({ kind: 'connected', since: 1_000 });
  call.now = 5_000;
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  expect(call.view()).toEqual({ kind: 'reconnecting', since: 5_000 });
  call.now = 6_000;
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  expect(call.view()).toEqual({ kind: 'connected', since: 1_000 });
});

test('a lost connection is restarted at once, and again until it is given up', () => {
  const call = connected();
  expect(call.on({ session: 'me.1', type: 'connection', state: 'disconnected' })).toContainEqual({
    type: 'make-offer',
    restart: true,
    layout: 'parley',
  });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') });
  expect(call.fire('recover')).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  call.fire('give-up');
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason: 'connection-failed' } });
});

test('a path that heals after all brings the call back from its error', () => {
  const call = connected();
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  call.fire('give-up');
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  expect(call.view().kind).toBe('connected');
});

test('trying again after a failed connection starts a new session in the same seat', () => {
  const call = connected();
  call.on({ session: 'me.1', type: 'connection', state: 'failed' });
  call.fire('give-up');
  const effects = call.on({ type: 'retry' });
  expect(effects.map(({ type }) => type)).toContain('close-peer');
  expect(effects).toContainEqual({ type: 'open-peer', session: 'me.2', iceServers: [], warm: false });
  expect(call.view()).toEqual({ kind: 'connecting' });
});

test('when the other side tries again, this side is in the call again without a click', () => {
  const call = connected({ polite: true });
  call.on({ session: 'me.1', type: 'connection', state: 'failed' });
  call.fire('give-up');
  const effects = call.on({ type: 'message', data: hello('them.2', 'anew') });
  expect(effects).toContainEqual({ type: 'make-answer', sdp: sdp('anew'), layout: 'parley' });
  expect(call.view()).toEqual({ kind: 'connecting' });
});

test('loss of the server never touches a running call', () => {
  const call = connected();
  for (const event of [
    { type: 'signaling-lost' },
    { type: 'signaling-opened' },
    { type: 'refused', code: 'ROOM_FULL', retryAfterMs: null },
    { type: 'signaling-lost' },
    { type: 'signaling-opened' },
    joinedEvent({ polite: false, peer: null }),
    { type: 'peer-left', reason: 'lost' },
  ] satisfies Event[]) {
    expect(call.on(event).map(({ type }) => type)).not.toContain('close-peer');
    expect(call.view().kind).toBe('connected');
  }
});

test('a token of a server that has restarted is refused once, and a seat asked for without it', () => {
  const call = connected();
  call.on({ type: 'signaling-lost' });
  expect(call.on({ type: 'signaling-opened' })).toEqual([
    { type: 'join-room', resume: 'token', lobby: false },
  ]);
  expect(call.on({ type: 'refused', code: 'TICKET_EXPIRED', retryAfterMs: null })).toEqual([
    { type: 'join-room', resume: null, lobby: false },
  ]);
});

test('hanging up says goodbye on both ways and gives everything back', () => {
  const call = connected({ control: true });
  const effects = call.on({ type: 'hang-up' });
  const bye = { type: 'bye', v: 1, from: 'me.1', to: 'them.1' };
  expect(effects.filter(({ type }) => type !== 'clear-timer')).toEqual([
    { type: 'send-control', data: bye },
    { type: 'send-signaling', data: bye },
    { type: 'close-peer' },
    { type: 'leave-and-close-signaling' },
  ]);
  expect(call.timers).toEqual(new Set());
  expect(call.view()).toEqual({ kind: 'ended', reason: 'hung-up' });
});

test('their goodbye ends the call here, too', () => {
  const call = connected();
  expect(call.on(says({ type: 'bye' }))).toContainEqual({ type: 'leave-and-close-signaling' });
  expect(call.view()).toEqual({ kind: 'ended', reason: 'peer-hung-up' });
});

test('a goodbye that was kept from an earlier call ends nothing', () => {
  const call = joined({
    polite: true,
    peer: anna,
    pending: [write({ type: 'bye' }, { from: 'old.1', to: null }, 'parley')],
  });
  expect(call.view().kind).toBe('connecting');
});

test('who closes the page leaves the other one waiting with a fresh session', () => {
  const call = connected();
  const effects = call.on(says({ type: 'closing' }));
  expect(effects).toContainEqual({ type: 'open-peer', session: 'me.2', iceServers: [], warm: false });
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'peer-left' });
  call.on({ type: 'peer-left', reason: 'left' });
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'peer-left' });
});

test('who is lost to the server and to us is gone after a while, not before', () => {
  const call = connected();
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  call.on({ type: 'signaling-lost' });
  call.on({ type: 'signaling-opened' });
  call.on(joinedEvent({ polite: false, peer: null }));
  call.now += 5_000;
  call.fire('recover');
  expect(call.view().kind).toBe('reconnecting');
  call.now += 5_000;
  call.fire('recover');
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'peer-lost' });
});

test('a reloaded page of the other side is met with a new session', () => {
  const call = connected({ polite: true });
  const effects = call.on({ type: 'message', data: hello('them.2', 'anew') });
  expect(effects.map(({ type }) => type).filter((type) => !type.endsWith('timer'))).toEqual([
    'close-peer',
    'forget-signaling',
    'open-peer',
    'make-answer',
  ]);
  expect(call.on(says({ type: 'bye' }))).toEqual([]);
});

test.each([
  ['ROOM_FULL', 'room-full'],
  ['FORBIDDEN', 'forbidden'],
  ['UNAUTHORIZED', 'forbidden'],
  ['RATE_LIMITED', 'rate-limited'],
  ['BAD_REQUEST', 'bad-room'],
  ['REPLACED', 'replaced'],
  ['INTERNAL', 'server-error'],
  ['SOMETHING_NEW', 'server-error'],
])('refused with %s, the person is told %s', (code, reason) => {
  const call = new Driver();
  call.on({ type: 'join' });
  call.on({ type: 'signaling-opened' });
  call.on({ type: 'refused', code, retryAfterMs: 2_000 });
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason, retryAfterMs: 2_000 } });
});

test('a server that does not answer is told of and still waited for', () => {
  const call = new Driver();
  call.on({ type: 'join' });
  call.fire('join');
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason: 'server-unreachable' } });
  call.on({ type: 'signaling-opened' });
  call.on(joinedEvent({ polite: false, peer: null }));
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'nobody-yet' });
});

test('a seat taken over elsewhere ends this page and its media', () => {
  const call = connected();
  expect(call.on({ type: 'unseated', reason: 'replaced' })).toContainEqual({ type: 'close-peer' });
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason: 'replaced' } });
});

test('a textbook client that is ready gets a plain offer with two m-lines', () => {
  const call = joined({ polite: true, peer: anna });
  expect(call.on({ type: 'message', data: 'got user media' })).toContainEqual({
    type: 'make-offer',
    restart: false,
    layout: 'textbook',
  });
  const [offer] = sends(call.on({ session: 'me.2', type: 'offer-made', sdp: sdp('mine') }));
  expect(offer).toMatchObject({ type: 'offer', sdp: sdp('mine') });
});

test('the offer of a textbook client is answered', () => {
  const call = joined({ polite: false, peer: anna });
  expect(call.on({ type: 'message', data: { type: 'offer', sdp: sdp('theirs') } })).toContainEqual({
    type: 'make-answer',
    sdp: sdp('theirs'),
    layout: 'textbook',
  });
});

test('who stays silent gets a plain offer after a while', () => {
  const call = joined({ polite: true, peer: anna });
  expect(call.fire('introduce')).toContainEqual({ type: 'make-offer', restart: false, layout: 'textbook' });
});

test('a textbook client hangs up with a single word', () => {
  const call = joined({ polite: false, peer: anna });
  call.on({ type: 'message', data: { type: 'offer', sdp: sdp('theirs') } });
  call.on({ type: 'message', data: 'bye' });
  expect(call.view()).toEqual({ kind: 'ended', reason: 'peer-hung-up' });
});

test('media states are told when the control channel opens and whenever they change', () => {
  const call = connected();
  call.on({ type: 'local-media', media: { ...noMedia, audio: true } });
  expect(controls(call.on({ session: 'me.1', type: 'control-opened' }))).toMatchObject([
    { type: 'media', audio: true, video: false },
  ]);
  expect(controls(call.on({ type: 'local-media', media: noMedia }))).toMatchObject([
    { type: 'media', audio: false, video: false },
  ]);
});

test('without the server, a restart travels over the control channel, and waits for the server as well', () => {
  const call = connected({ control: true });
  call.on({ type: 'signaling-lost' });
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  const effects = call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') });
  expect(controls(effects)).toMatchObject([{ type: 'offer', sdp: sdp('mine2') }]);
  expect(sends(effects)).toMatchObject([{ type: 'offer', sdp: sdp('mine2') }]);
});

test('a restart nobody could be told of is made up for when the server is back', () => {
  const call = connected();
  call.on({ type: 'signaling-lost' });
  const effects = call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  expect(effects.map(({ type }) => type)).not.toContain('make-offer');
  call.on({ type: 'signaling-opened' });
  expect(call.on(joinedEvent({ polite: false, peer: anna }))).toContainEqual({
    type: 'make-offer',
    restart: true,
    layout: 'parley',
  });
});

test('a stall is a loss, whatever the connection says, until the heart beats again', () => {
  const call = connected({ control: true });
  const effects = call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  expect(effects).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  expect(call.view().kind).toBe('reconnecting');
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'alive' });
  expect(call.view().kind).toBe('connected');
});

test('without a path nothing but a goodbye waits on the control channel, and with one the last offer is said again', () => {
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  const first = call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') });
  call.on(localCandidate);
  call.fire('recover');
  const second = call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine3') });
  for (const effects of [first, second]) {
    expect(sends(effects)).toMatchObject([{ type: 'offer' }]);
    expect(controls(effects)).toEqual([]);
  }
  const found = call.on({ session: 'me.1', type: 'connection', state: 'connected' });
  expect(controls(found)).toMatchObject([{ type: 'offer', sdp: sdp('mine3') }]);
  expect(found).toContainEqual({ type: 'renew-signaling', atOnce: true });
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  expect(controls(call.on({ type: 'hang-up' }))).toMatchObject([{ type: 'bye' }]);
});

test('a change of network renews the way to the server at once, and the path when it has settled', () => {
  const call = connected();
  for (let told = 0; told < 3; told++) {
    const effects = call.on({ type: 'network-changed' });
    expect(effects).toContainEqual({ type: 'renew-signaling', atOnce: true });
    expect(effects.map(({ type }) => type)).not.toContain('make-offer');
  }
  expect(call.fire('settle')).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  expect(call.view().kind).toBe('connected');
});

test('a change of network that left the path alive costs no restart', () => {
  const call = connected({ control: true });
  call.on({ type: 'network-changed' });
  expect(call.on({ session: 'me.1', type: 'heartbeat', verdict: 'alive' })).toContainEqual({
    type: 'clear-timer',
    timer: 'settle',
  });
});

test('a path that may be a detour is kept until a restart has found a better one', () => {
  const call = connected({ control: true });
  const effects = call.on({ session: 'me.1', type: 'heartbeat', verdict: 'detour' });
  expect(effects).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  expect(call.view().kind).toBe('connected');
});

test('a restart that has just been agreed on has its time, however long that took', () => {
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'alive' });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'detour' });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') });
  call.now += 4_000;
  call.on(says({ type: 'answer', sdp: sdp('theirs2'), number: 2, settled: 0 }));
  call.on({ session: 'me.1', type: 'answer-accepted' });
  call.now += 1_000;
  const effects = call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  expect(effects.map(({ type }) => type)).not.toContain('make-offer');
  expect(call.view().kind).toBe('reconnecting');
});

test('nobody is taken for a textbook client while the server is out of reach', () => {
  const call = joined({ polite: true, peer: anna });
  call.on({ type: 'signaling-lost' });
  expect(call.fire('introduce')).toEqual([]);
});

test('who has a pulse does not believe the browser that calls the connection lost', () => {
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'alive' });
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  expect(call.view().kind).toBe('connected');
});

test('an offer under way with addresses that others can reach is not replaced, unless the network or the person asks for it', () => {
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  call.on(localCandidate);
  const offers = (effects: readonly Effect[]) => effects.some(({ type }) => type === 'make-offer');
  expect(offers(call.fire('recover'))).toBe(true);
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  call.on({
    ...localCandidate,
    candidate: {
      ...localCandidate.candidate,
      candidate: 'candidate:2 1 udp 1 203.0.113.10 9 typ srflx raddr 192.0.2.1 rport 9',
    },
  });
  expect(offers(call.fire('recover'))).toBe(false);
  expect(offers(call.on({ type: 'retry' }))).toBe(true);
});

test('when the server is back, so are our addresses: a loss is fought anew', () => {
  const call = connected();
  call.on({ session: 'me.1', type: 'connection', state: 'disconnected' });
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine') });
  call.on({ type: 'signaling-lost' });
  call.now += 10_000;
  call.on({ type: 'signaling-opened' });
  expect(call.on(joinedEvent({ polite: false, peer: anna }))).toContainEqual({
    type: 'make-offer',
    restart: true,
    layout: 'parley',
  });
});

test('new credentials for the relay are used at once by a call that is relayed, and by a direct one when it needs them', () => {
  for (const path of ['relayed', 'direct'] as const) {
    const call = connected();
    call.on({ session: 'me.1', type: 'path', path });
    const effects = call.on({ type: 'ice-servers', iceServers: [{ urls: 'turn:example.org' }] });
    expect(effects).toContainEqual({ type: 'configure-peer', iceServers: [{ urls: 'turn:example.org' }] });
    expect(effects.some(({ type }) => type === 'make-offer')).toBe(path === 'relayed');
  }
});

test('a new way to the server is tried when a loss may be beginning, so that it is there when it has begun; without a pulse, then', () => {
  const renewal: Effect = { type: 'renew-signaling', atOnce: false };
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'alive' });
  expect(call.on({ session: 'me.1', type: 'heartbeat', verdict: 'odd' })).toEqual([renewal]);
  expect(call.view().kind).toBe('connected');
  expect(call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' })).not.toContainEqual(renewal);

  expect(connected().on({ session: 'me.1', type: 'connection', state: 'disconnected' })).toContainEqual(
    renewal,
  );
});

test('the polite side leaves the restart to the other one, and asks for it', () => {
  const call = connected({ polite: true });
  call.now += 10_000;
  const asked = call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  expect(asked.map(({ type }) => type)).not.toContain('make-offer');
  expect(asked).toContainEqual({
    type: 'send-signaling',
    data: expect.objectContaining({ type: 'restart', after: 1 }),
  });
});

test('who is asked for a restart makes the offer, once, and says it again when asked again later', () => {
  const call = connected();
  const ask: Event = {
    type: 'message',
    data: { type: 'restart', after: 1, v: 1, from: 'them.1', to: 'me.1' },
  };
  expect(call.on(ask)).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
  expect(call.on(ask).map(({ type }) => type)).not.toContain('make-offer');
  call.on({ session: 'me.1', type: 'offer-made', sdp: 'restarted' });
  expect(call.on(ask)).toEqual([]);
  call.now += 1_000;
  const again = call.on(ask);
  expect(again.map(({ type }) => type)).not.toContain('make-offer');
  expect(again).toContainEqual({
    type: 'send-signaling',
    data: expect.objectContaining({ type: 'offer', sdp: 'restarted' }),
  });
});

test('a stall right after a restart gets no second one on top', () => {
  const call = connected();
  call.on({ type: 'network-changed' });
  call.fire('settle');
  call.now += 500;
  const effects = call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  expect(effects.map(({ type }) => type)).not.toContain('make-offer');
  expect(call.view().kind).toBe('reconnecting');
});

test('a restart that came too early to find an address is made again soon', () => {
  const call = connected();
  call.on({ type: 'network-changed' });
  call.fire('settle');
  call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') });
  const end = { candidate: '', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'mine2' };
  const effects = call.on({ session: 'me.1', type: 'local-candidate', candidate: end });
  expect(effects).toContainEqual({ type: 'set-timer', timer: 'recover', ms: 500 });
  expect(call.fire('recover')).toContainEqual({ type: 'make-offer', restart: true, layout: 'parley' });
});

test('the end of a gathering that was taken back is not the end of the next', () => {
  const call = connected();
  call.on({ type: 'network-changed' });
  call.fire('settle');
  const end = { candidate: '', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'mine' };
  const effects = [
    ...call.on({ session: 'me.1', type: 'local-candidate', candidate: end }),
    ...call.on({ session: 'me.1', type: 'offer-made', sdp: sdp('mine2') }),
  ];
  expect(effects).not.toContainEqual({ type: 'set-timer', timer: 'recover', ms: 500 });
});

test('who was away and comes back has kept the name', () => {
  const call = joined({ polite: false, peer: anna });
  call.on({ type: 'peer-away' });
  call.on({ type: 'peer-back', peer: { id: 'p2', name: null, away: false, lobby: false } });
  expect(call.machine.present).toEqual(anna);
});

test('an operation that fails starts a new session, and after four the call has failed', () => {
  const call = joined({ polite: false, peer: anna });
  for (let i = 1; i <= 3; i++) {
    const effects = call.on({ session: `me.${i}`, type: 'operation-failed' });
    expect(effects).toContainEqual({
      type: 'open-peer',
      session: `me.${i + 1}`,
      iceServers: [],
      warm: false,
    });
  }
  call.on({ session: 'me.4', type: 'operation-failed' });
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason: 'connection-failed' } });
});

test('a lost call that needs a new peer connection is still the same call, with the time it had left', () => {
  const call = connected({ control: true });
  const lostAt = call.now;
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  call.now += 27_000;
  const effects = call.on({ session: 'me.1', type: 'operation-failed' });
  expect(effects).toContainEqual({ type: 'set-timer', timer: 'give-up', ms: 153_000 });
  expect(call.view()).toEqual({ kind: 'reconnecting', since: lostAt });

  // Of our kind, however long nothing comes.
  expect(call.fire('introduce')).toEqual([]);
  call.on({ session: 'me.2', type: 'offer-made', sdp: sdp('mine2') });
  const answer = { type: 'answer', sdp: sdp('theirs2'), number: 1, settled: 0 };
  const answered = call.on({ type: 'message', data: { ...answer, v: 1, from: 'them.1', to: 'me.2' } });
  expect(answered.map(({ type }) => type)).toContain('accept-answer');
  expect(answered).not.toContainEqual(expect.objectContaining({ type: 'set-timer', timer: 'connect' }));
  expect(call.view()).toEqual({ kind: 'reconnecting', since: lostAt });

  call.fire('give-up');
  expect(call.view()).toMatchObject({ kind: 'error', error: { reason: 'connection-failed' } });
  const again = call.on({ type: 'retry' });
  expect(call.view()).toEqual({ kind: 'connecting' });
  expect(again).not.toContainEqual(expect.objectContaining({ type: 'set-timer', timer: 'give-up' }));
});

test('a lost call in a new peer connection is over when the other one has left, and nobody waits for a path then', () => {
  const call = connected({ control: true });
  call.on({ session: 'me.1', type: 'heartbeat', verdict: 'stalled' });
  call.on({ session: 'me.1', type: 'operation-failed' });
  const effects = call.on({ type: 'peer-left', reason: 'left' });
  expect(call.view()).toEqual({ kind: 'waiting', reason: 'peer-left' });
  expect(effects).toContainEqual({ type: 'clear-timer', timer: 'give-up' });
  expect(effects).not.toContainEqual(expect.objectContaining({ type: 'set-timer', timer: 'give-up' }));
});

test('events of a peer connection that is gone change nothing', () => {
  const call = connected();
  call.on(says({ type: 'closing' }));
  expect(call.on({ session: 'me.1', type: 'connection', state: 'failed' })).toEqual([]);
});
