import type { CallStats, DirectionStats, PathStats, StatsSlot, StreamStats } from './stats.ts';

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
    candidates: { own: kindsOf(all, 'local-candidate'), theirs: kindsOf(all, 'remote-candidate') },
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

function kindsOf(all: readonly Fields[], type: string): readonly string[] {
  const kinds = all
    .filter((entry) => entry.type === type && typeof entry.candidateType === 'string')
    .map((entry) => `${entry.candidateType} ${entry.relayProtocol ?? entry.protocol}`);
  return [...new Set(kinds)].sort();
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

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
