import type { ConnectionPath } from './state.ts';

/** What the call is doing, as counted since it began. Two of these a while apart make rates: {@link ratesBetween}. */
export interface CallStats {
  /** Milliseconds, of a clock that only counts up. */
  readonly at: number;
  readonly path: PathStats | null;
  readonly sent: DirectionStats;
  readonly received: DirectionStats;
}

export interface PathStats {
  readonly kind: ConnectionPath;
  /** Between this browser and the next hop: the other browser, or the relay. */
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly roundTripMs: number | null;
}

export type StatsSlot = 'audio' | 'camera' | 'screen' | 'screenAudio';

/** What does not flow is absent. */
export type DirectionStats = Readonly<Partial<Record<StatsSlot, StreamStats>>>;

export interface StreamStats {
  /** Such as `opus`, `VP8`. */
  readonly codec: string | null;
  /** Pixels, of pictures. */
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  readonly bytes: number;
  readonly packets: number;
  /** Of what was sent: as told by the other side. */
  readonly packetsLost: number;
  /** Of what was received. */
  readonly jitterMs: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a stats report; `slots` names the m-lines by their mid. */
export function readStats(
  report: ReadonlyMap<string, unknown>,
  slots: ReadonlyMap<string, StatsSlot>,
): CallStats {
  const all = [...report.values()] as Fields[];
  const read = (direction: 'inbound-rtp' | 'outbound-rtp'): DirectionStats => {
    const found: Partial<Record<StatsSlot, StreamStats>> = {};
    for (const entry of all) {
      // Simulcast aside, an entry that has moved nothing is an empty m-line.
      const moved = number(entry.bytesSent) ?? number(entry.bytesReceived) ?? 0;
      const slot = slots.get(String(entry.mid)) ?? (entry.kind === 'audio' ? 'audio' : 'camera');
      if (entry.type === direction && moved > 0 && !found[slot]) found[slot] = streamOf(entry, report, all);
    }
    return found;
  };
  return {
    at: Math.max(0, ...all.map((entry) => number(entry.timestamp) ?? 0)),
    path: pathOf(report),
    sent: read('outbound-rtp'),
    received: read('inbound-rtp'),
  };
}

/** The pair of candidates in use; null while there is none. */
export function pathOf(report: ReadonlyMap<string, unknown>): PathStats | null {
  const all = [...report.values()] as Fields[];
  const transport = all.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId);
  const pair = transport
    ? (report.get(String(transport.selectedCandidatePairId)) as Fields | undefined)
    : all.find((entry) => entry.type === 'candidate-pair' && entry.selected === true);
  if (!pair) return null;
  const local = (report.get(String(pair.localCandidateId)) ?? {}) as Fields;
  const remote = (report.get(String(pair.remoteCandidateId)) ?? {}) as Fields;
  const relayed = local.candidateType === 'relay' || remote.candidateType === 'relay';
  const roundTrip = number(pair.currentRoundTripTime);
  const protocol = local.candidateType === 'relay' ? local.relayProtocol : local.protocol;
  return {
    kind: relayed ? 'relayed' : 'direct',
    transport: protocol === 'tcp' || protocol === 'tls' ? protocol : 'udp',
    roundTripMs: roundTrip === null ? null : roundTrip * 1000,
  };
}

function streamOf(entry: Fields, report: ReadonlyMap<string, unknown>, all: readonly Fields[]): StreamStats {
  const codec = (report.get(String(entry.codecId)) ?? {}) as Fields;
  const told = all.find(({ type, localId }) => type === 'remote-inbound-rtp' && localId === entry.id);
  const jitter = number(entry.jitter);
  return {
    codec: typeof codec.mimeType === 'string' ? (codec.mimeType.split('/')[1] ?? null) : null,
    width: number(entry.frameWidth),
    height: number(entry.frameHeight),
    framesPerSecond: number(entry.framesPerSecond),
    bytes: number(entry.bytesSent) ?? number(entry.bytesReceived) ?? 0,
    packets: number(entry.packetsSent) ?? number(entry.packetsReceived) ?? 0,
    packetsLost: Math.max(0, number(entry.packetsLost) ?? number(told?.packetsLost) ?? 0),
    jitterMs: jitter === null ? null : jitter * 1000,
  };
}

export interface Rates {
  /** Bits per second of all streams together. */
  readonly sentBitrate: number;
  readonly receivedBitrate: number;
  /** 0 to 1. */
  readonly sentLoss: number;
  readonly receivedLoss: number;
}

/** What flowed between two counts. A stream that began or began anew in between counts from zero. */
export function ratesBetween(before: CallStats, after: CallStats): Rates {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  return {
    sentBitrate: (8 * grown(before.sent, after.sent, 'bytes')) / seconds,
    receivedBitrate: (8 * grown(before.received, after.received, 'bytes')) / seconds,
    sentLoss: loss(before.sent, after.sent, false),
    receivedLoss: loss(before.received, after.received, true),
  };
}

function grown(
  before: DirectionStats,
  after: DirectionStats,
  field: 'bytes' | 'packets' | 'packetsLost',
): number {
  return (Object.keys(after) as StatsSlot[]).reduce((sum, slot) => {
    const growth = (after[slot]?.[field] ?? 0) - (before[slot]?.[field] ?? 0);
    return sum + (growth < 0 ? (after[slot]?.[field] ?? 0) : growth);
  }, 0);
}

/** Lost packets are not among those received, but among those sent. */
function loss(before: DirectionStats, after: DirectionStats, received: boolean): number {
  const lost = grown(before, after, 'packetsLost');
  const packets = grown(before, after, 'packets') + (received ? lost : 0);
  return packets === 0 ? 0 : Math.min(1, lost / packets);
}

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
