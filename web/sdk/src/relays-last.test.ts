import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tryAgainOnRelay, whenDue } from './relays-last.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('in a Firefox relays wait for the reflexive candidate, and come after it in their order', async () => {
  const { add, added } = connection();
  for (const kind of ['host', 'relay', 'relay']) add(kind);
  await vi.advanceTimersByTimeAsync(1_199);
  expect(added).toEqual(['host 0']);
  add('srflx');
  add('relay');
  await vi.advanceTimersByTimeAsync(0);
  expect(added).toEqual(['host 0', 'srflx 3', 'relay 1', 'relay 2', 'relay 4']);
});

test('they wait no longer than 1.2 s, behind TCP alone 400 ms, and not for what will not come', async () => {
  const { add, added } = connection();
  for (const kind of ['host', 'relay']) add(kind);
  await vi.advanceTimersByTimeAsync(1_199);
  expect(added).toEqual(['host 0']);
  await vi.advanceTimersByTimeAsync(1);
  expect(added).toEqual(['host 0', 'relay 1']);

  const overTcp = connection();
  overTcp.add('host');
  overTcp.add('relay', 'one', 25_108_735);
  await vi.advanceTimersByTimeAsync(400);
  expect(overTcp.added).toEqual(['host 0', 'relay 1']);

  const gathered = connection();
  for (const kind of ['host', 'relay', 'end']) gathered.add(kind);
  await vi.advanceTimersByTimeAsync(0);
  expect(gathered.added).toEqual(['host 0', 'relay 1', 'end 2']);

  const relaysOnly = connection();
  relaysOnly.add('relay');
  await vi.advanceTimersByTimeAsync(0);
  expect(relaysOnly.added).toEqual(['relay 0']);
});

test('relays over TCP wait for the one over UDP, too, where anything gets through over UDP', async () => {
  const { add, added } = connection();
  for (const kind of ['host', 'srflx']) add(kind);
  add('relay', 'one', 25_108_735);
  await vi.advanceTimersByTimeAsync(1_199);
  expect(added).toEqual(['host 0', 'srflx 1']);
  add('relay');
  await vi.advanceTimersByTimeAsync(0);
  expect(added).toEqual(['host 0', 'srflx 1', 'relay 3', 'relay 2']);

  const never = connection();
  for (const kind of ['host', 'srflx']) never.add(kind);
  never.add('relay', 'one', 25_108_735);
  await vi.advanceTimersByTimeAsync(1_200);
  expect(never.added).toEqual(['host 0', 'srflx 1', 'relay 2']);
});

test('every generation has its own', async () => {
  const { add, added } = connection();
  for (const kind of ['host', 'srflx']) add(kind, 'before');
  for (const kind of ['host', 'relay']) add(kind, 'after');
  await vi.advanceTimersByTimeAsync(0);
  expect(added).not.toContain('relay 3');
  await vi.advanceTimersByTimeAsync(1_200);
  expect(added).toContain('relay 3');
});

test('in other browsers nothing waits', async () => {
  const { add, added } = connection(false);
  for (const kind of ['host', 'relay']) add(kind);
  await vi.advanceTimersByTimeAsync(0);
  expect(added).toEqual(['host 0', 'relay 1']);
});

function connection(firefox = true) {
  const key = {};
  const added: string[] = [];
  let count = 0;
  const add = async (kind: string, usernameFragment = 'one', priority = 58_663_423) => {
    const name = `${kind} ${count++}`;
    const line = `candidate:1 1 udp ${priority} 203.0.113.1 ${1000 + count} typ ${kind}`;
    const candidate = kind === 'end' ? '' : line;
    await whenDue(key, { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment }, firefox);
    added.push(name);
  };
  return { add, added };
}

const all = ['host', 'srflx', 'relay'];

test.each([
  ['on a relay that it may not need it restarts ICE, once', all, 'srflx', all, 'relay', true, 1],
  ['not on the direct way', all, 'srflx', all, 'srflx', true, 0],
  ['not where one side has only relays', all, 'srflx', ['host', 'relay'], 'relay', true, 0],
  ['but where two relays are passed there', ['host', 'relay'], 'relay', all, 'relay', true, 1],
  ['not in another browser', all, 'srflx', all, 'relay', false, 0],
] as const)('a Firefox has a second try: %s', async (_, own, local, theirs, remote, firefox, restarts) => {
  const candidate = (type: string, candidateType: string) =>
    [`${type} ${candidateType}`, { type, candidateType, protocol: 'udp' }] as const;
  const report = new Map<string, unknown>([
    ...own.map((kind) => candidate('local-candidate', kind)),
    ...theirs.map((kind) => candidate('remote-candidate', kind)),
    [
      'pair',
      {
        id: 'pair',
        type: 'candidate-pair',
        selected: true,
        localCandidateId: `local-candidate ${local}`,
        remoteCandidateId: `remote-candidate ${remote}`,
      },
    ],
  ]);
  let restarted = 0;
  const connection = {
    connectionState: 'connected',
    getStats: async () => report as RTCStatsReport,
    remoteDescription: null,
  } as const;
  tryAgainOnRelay(connection, () => restarted++, firefox);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(restarted).toBe(restarts);
});
