import { CallError, type CallState, type CallStats, type LocalDevice } from '@parley/client';
import { describe, expect, test } from 'vitest';
import { hadTrouble, noHistory, withLook, withStats } from './history.ts';
import { reportOf } from './report.ts';

const ended: CallState = { kind: 'ended', reason: 'hung-up' };
const failed: CallState = {
  kind: 'error',
  error: new CallError('connection-failed', null, 'relay-unreachable'),
};
const stats = (kind: 'direct' | 'relayed', own: string[]): CallStats => ({
  at: 0,
  path: { kind, transport: 'udp', roundTripMs: null },
  candidates: { own, theirs: ['host udp'] },
  sent: {},
  received: {},
});
const look = { sent: 0, received: 0, lossSide: 'here', framesPerSecond: 15 } as const;
const device: LocalDevice = { enabled: true, live: true, problem: null, deviceId: 'a1b2' };

describe('the history of a call', () => {
  test('has each way once, and every kind of address', () => {
    const seen = [stats('relayed', ['host udp']), stats('direct', ['relay udp']), stats('direct', [])];
    const { ways, candidates } = seen.reduce(withStats, noHistory);
    expect(ways).toEqual(['relayed udp', 'direct udp']);
    expect(candidates).toEqual({ own: ['host udp', 'relay udp'], theirs: ['host udp'] });
  });

  test('has the worst of what was seen', () => {
    const once = withLook(noHistory, { ...look, loss: 0.2, roundTripMs: 90 }, 'poor');
    expect(withLook(once, { ...look, loss: 0, roundTripMs: 400 }, 'good')).toMatchObject({
      looks: 2,
      weak: 1,
      worstLoss: 0.2,
      worstRoundTripMs: 400,
    });
  });

  test('is worth a report where there was trouble, and only there', () => {
    const met = { ...noHistory, way: 'direct' } as const;
    expect(hadTrouble(met, ended)).toBe(false);
    expect(hadTrouble(noHistory, ended)).toBe(false);
    expect(hadTrouble({ ...met, lost: 1 }, ended)).toBe(true);
    expect(hadTrouble({ ...met, weak: 1 }, ended)).toBe(true);
    expect(hadTrouble({ ...noHistory, candidates: { own: [], theirs: ['host udp'] } }, ended)).toBe(true);
    expect(hadTrouble(noHistory, failed)).toBe(true);
    expect(hadTrouble(noHistory, { kind: 'error', error: new CallError('room-full') })).toBe(false);
  });
});

test('a report says what whoever runs the server needs', () => {
  const report = reportOf({
    at: new Date(0),
    state: failed,
    history: withStats(noHistory, stats('relayed', ['host udp', 'relay tls'])),
    local: { microphone: device, camera: { ...device, problem: { reason: 'in-use', detail: 'secret' } } },
    relayOnly: true,
    localNetworkBlocked: true,
    userAgent: 'Browser/1',
  });
  expect(report.split('\n')).toEqual([
    'Parley call, 1970-01-01T00:00:00.000Z',
    'outcome: connection-failed, relay-unreachable',
    'ways: relayed udp',
    'candidates here: host udp, relay tls',
    'candidates there: host udp',
    'lost: 0 times',
    'weak: 0 of 0 looks, worst loss 0.0 %, worst round trip 0 ms',
    'relay only: yes',
    'local network: refused by the browser',
    'devices in trouble: camera in-use',
    'browser: Browser/1',
  ]);
});
