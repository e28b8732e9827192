import { expect, test } from 'vitest';
import { readSample } from './reading.ts';

test('a report is read, without what is not of now', () => {
  const { sample } = readSample(
    report(
      { type: 'transport', selectedCandidatePairId: 'P' },
      { type: 'candidate-pair', id: 'other', availableOutgoingBitrate: 1, currentRoundTripTime: 9 },
      { type: 'candidate-pair', id: 'P', availableOutgoingBitrate: 640_000, currentRoundTripTime: 0.05 },
      { type: 'remote-inbound-rtp', timestamp: 9_500, fractionLost: 0.1, roundTripTime: 0.08 },
      { type: 'remote-inbound-rtp', timestamp: 9_000, fractionLost: 0.3, roundTripTime: 0.09 },
      { type: 'remote-inbound-rtp', timestamp: 1_000, fractionLost: 1, roundTripTime: 5 },
    ),
    'camera',
    null,
  );
  expect(sample).toEqual({
    sent: 'camera',
    estimate: 640_000,
    roundTripMs: 80,
    loss: 0.2,
    overloaded: false,
  });
});

test('what a browser does not tell is not made up', () => {
  const { sample } = readSample(report({ type: 'candidate-pair', id: 'P', selected: true }), 'sound', null);
  expect(sample).toEqual({ sent: 'sound', estimate: null, roundTripMs: null, loss: 0, overloaded: false });
});

test('an encoder is overloaded when the browser says so, or when it is at work most of the time', () => {
  const encoder = (totalEncodeTime: number, more = {}) =>
    report({ type: 'outbound-rtp', kind: 'video', totalEncodeTime, ...more });
  const limited = readSample(encoder(1, { qualityLimitationReason: 'cpu' }), 'camera', null);
  expect(limited.sample.overloaded).toBe(true);
  const resting = readSample(encoder(1, { qualityLimitationReason: 'cpu', active: false }), 'camera', null);
  expect(resting.sample.overloaded).toBe(false);

  const before = { ...readSample(encoder(1), 'camera', null), at: 9_000 };
  expect(readSample(encoder(1.9), 'camera', before).sample.overloaded).toBe(true);
  expect(readSample(encoder(1.5), 'camera', before).sample.overloaded).toBe(false);
});

test('the round trip is that of the newest report', () => {
  const { sample } = readSample(
    report(
      { type: 'remote-inbound-rtp', roundTripTime: 20, timestamp: 7_000 },
      { type: 'remote-inbound-rtp', roundTripTime: 0.1, timestamp: 9_500 },
      { type: 'remote-inbound-rtp', roundTripTime: 9, timestamp: 1_000 },
      { type: 'inbound-rtp', timestamp: 10_000 },
    ),
    'camera',
    null,
  );
  expect(sample.roundTripMs).toBe(100);
});

test('what has come is counted by the transport, and where there is none by all pairs', () => {
  const pairs = [
    { type: 'candidate-pair', bytesReceived: 600 },
    { type: 'candidate-pair', bytesReceived: 100 },
    { type: 'inbound-rtp', bytesReceived: 5_000 },
    { type: 'candidate-pair' },
  ];
  const received = (...entries: Record<string, unknown>[]) =>
    readSample(report(...entries), 'camera', null).received;
  expect(received({ type: 'transport', bytesReceived: 900 }, ...pairs)).toBe(900);
  expect(received(...pairs)).toBe(700);
  // Firefox has a transport, and tells no bytes of it.
  expect(received({ type: 'transport' }, ...pairs)).toBe(700);
});

/** Taken at ten seconds, unless an entry says otherwise. */
function report(...entries: Record<string, unknown>[]): ReadonlyMap<string, unknown> {
  return new Map(entries.map((entry, i) => [String(entry.id ?? i), { timestamp: 10_000, ...entry }]));
}
