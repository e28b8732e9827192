import { expect, test } from 'vitest';
import { type Event, newMachine, step, viewOf } from '../call-machine.ts';
import type { ConnectionObstacle } from '../errors.ts';

const relay: RTCIceServer = { urls: ['stun:example.org', 'turn:example.org?transport=udp'] };
const found = (typ: string): Event => ({
  session: 'me.1',
  type: 'local-candidate',
  candidate: {
    candidate: `candidate:1 1 udp 1 192.0.2.1 9 typ ${typ}`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: 'mine',
  },
});
const refused: Event = { session: 'me.1', type: 'relay-refused' };

test.each<[string, readonly RTCIceServer[], readonly Event[], ConnectionObstacle | null]>([
  ['without a relay there is none to blame', [{ urls: 'stun:example.org' }], [found('srflx')], 'no-relay'],
  ['a relay that says no has refused', [relay], [found('srflx'), refused], 'relay-refused'],
  ['a relay that says nothing is out of reach', [relay], [found('host')], 'relay-unreachable'],
  ['a relay that works is not the obstacle', [relay], [refused, found('relay')], null],
])('when no connection comes about: %s', (_, iceServers, events, obstacle) => {
  let machine = newMachine({ instance: 'me', warmUp: true, connectWithinMs: 30_000, giveUpAfterMs: 180_000 });
  const all: readonly Event[] = [
    { type: 'join' },
    { type: 'signaling-opened' },
    {
      type: 'joined',
      seat: { polite: false, resume: null, iceServers },
      peer: { id: 'p1', name: null, away: false, lobby: false },
      pending: [],
    },
    ...events,
    { type: 'timer', timer: 'connect' },
  ];
  for (const event of all) [machine] = step(machine, event, 1_000);
  expect(viewOf(machine)).toMatchObject({ kind: 'error', error: { reason: 'connection-failed', obstacle } });
});
