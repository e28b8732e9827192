import { expect, test } from 'vitest';
import { type CallStats, ratesBetween } from './stats.ts';
import { pathOf, readStats } from './stats-reading.ts';

const transceivers = new Map(
  (['audio', 'camera', 'screen', 'screenAudio'] as const).map((slot, index) => [
    slot,
    { mid: String(index) },
  ]),
);

/** As Chromium tells it, shortened. */
const report = new Map<string, unknown>(
  [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P', timestamp: 5_000 },
    {
      id: 'P',
      type: 'candidate-pair',
      localCandidateId: 'L',
      remoteCandidateId: 'R',
      currentRoundTripTime: 0.042,
      timestamp: 5_000,
    },
    { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' },
    { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
    { id: 'C', type: 'codec', mimeType: 'video/VP8' },
    {
      id: 'O',
      type: 'outbound-rtp',
      kind: 'video',
      mid: '1',
      codecId: 'C',
      bytesSent: 90_000,
      packetsSent: 100,
      frameWidth: 640,
      frameHeight: 480,
      framesPerSecond: 15,
    },
    { id: 'OS', type: 'outbound-rtp', kind: 'video', mid: '2', bytesSent: 0, packetsSent: 0 },
    { id: 'RI', type: 'remote-inbound-rtp', localId: 'O', packetsLost: 4 },
    {
      id: 'I',
      type: 'inbound-rtp',
      kind: 'audio',
      mid: '0',
      bytesReceived: 5_000,
      packetsReceived: 95,
      packetsLost: 5,
      jitter: 0.012,
    },
  ].map((entry) => [entry.id, entry]),
);

test('a report is read stream by stream', () => {
  const { at, candidates, sent, received } = readStats(report, transceivers, undefined);
  expect(at).toBe(5_000);
  expect(candidates).toEqual({ own: ['relay tls'], theirs: ['host udp'] });
  expect(sent).toEqual({
    camera: {
      codec: 'VP8',
      width: 640,
      height: 480,
      framesPerSecond: 15,
      bytes: 90_000,
      packets: 100,
      packetsLost: 4,
      jitterMs: null,
    },
  });
  expect(received.audio).toMatchObject({ codec: null, bytes: 5_000, packetsLost: 5, jitterMs: 12 });
  expect(received.camera).toBeUndefined();
});

test('without mids the kind tells the stream', () => {
  const old = new Map([['I', { id: 'I', type: 'inbound-rtp', kind: 'video', bytesReceived: 10 }]]);
  expect(Object.keys(readStats(old, transceivers, undefined).received)).toEqual(['camera']);
});

test('the path is the pair in use, with the way to the relay', () => {
  expect(pathOf(report, undefined)).toEqual({ kind: 'relayed', transport: 'tls', roundTripMs: 42 });
});

test('a relay whose check came before word of it is one all the same', () => {
  const theirs = [
    'a=candidate:1 1 udp 2122260223 192.168.4.2 56086 typ host',
    'a=candidate:2 1 udp 25108735 203.0.113.1 64194 typ relay raddr 203.0.114.10 rport 16118',
  ].join('\r\n');
  const kindOf = (candidateType: string, address: string, port: number) => {
    const local = { id: 'L', type: 'local-candidate', candidateType: 'host' };
    const remote = { id: 'R', type: 'remote-candidate', candidateType, address, port };
    return pathOf(new Map([...report, ['L', local], ['R', remote]]), theirs)?.kind;
  };
  expect(kindOf('prflx', '203.0.113.1', 64_194)).toBe('relayed');
  expect(kindOf('prflx', '203.0.113.1', 4_194)).toBe('direct');
  expect(kindOf('prflx', '192.168.4.2', 56_086)).toBe('direct');
});

test('Firefox marks the pair instead of the transport', () => {
  const pair = { type: 'candidate-pair', selected: true, localCandidateId: 'L', remoteCandidateId: 'R' };
  const direct = new Map<string, unknown>([
    ['P', pair],
    ['L', { candidateType: 'host', protocol: 'tcp' }],
    ['R', { candidateType: 'srflx' }],
  ]);
  expect(pathOf(direct, undefined)).toEqual({ kind: 'direct', transport: 'tcp', roundTripMs: null });
});

test('nothing connected, no path', () => {
  expect(pathOf(new Map(), undefined)).toBeNull();
  expect(readStats(new Map(), transceivers, undefined)).toEqual({
    at: 0,
    path: null,
    candidates: { own: [], theirs: [] },
    sent: {},
    received: {},
  });
});

const stream = (bytes: number, packets: number, packetsLost: number) => ({
  codec: null,
  width: null,
  height: null,
  framesPerSecond: null,
  jitterMs: null,
  bytes,
  packets,
  packetsLost,
});
const stats = (at: number, sent: CallStats['sent'], received: CallStats['received']): CallStats => ({
  at,
  path: null,
  candidates: { own: [], theirs: [] },
  sent,
  received,
});

test('rates are what grew between two counts', () => {
  const before = stats(1_000, { audio: stream(1_000, 10, 0) }, { audio: stream(0, 0, 0) });
  const after = stats(3_000, { audio: stream(3_000, 30, 2) }, { audio: stream(500, 90, 10) });
  expect(ratesBetween(before, after)).toEqual({
    sentBitrate: 8_000,
    receivedBitrate: 2_000,
    sentLoss: 0.1,
    receivedLoss: 0.1,
  });
});

test('a stream that began anew counts from zero, one that ended not at all', () => {
  const before = stats(0, { camera: stream(9_000, 9, 0), screen: stream(50, 1, 0) }, {});
  const after = stats(1_000, { camera: stream(1_000, 1, 0) }, {});
  expect(ratesBetween(before, after)).toMatchObject({ sentBitrate: 8_000, sentLoss: 0 });
});
