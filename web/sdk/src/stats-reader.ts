import type { CallStats, DirectionStats, StatsSlot, StreamStats } from './stats.ts';
import { number, pathOf } from './stats-path.ts';

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
