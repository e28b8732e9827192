import type { ConnectionPath } from './state.ts';

/** What the call is doing, as counted since it began. Two of these a while apart make rates: {@link ratesBetween}. */
export interface CallStats {
  /** Milliseconds, of a clock that only counts up. */
  readonly at: number;
  readonly path: PathStats | null;
  /** What kinds of addresses each side has offered, such as `host udp` or `relay tls`; the addresses themselves are not told. */
  readonly candidates: { readonly own: readonly string[]; readonly theirs: readonly string[] };
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
