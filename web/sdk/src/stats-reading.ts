import { number, selectedPair } from './adaptation/reading.ts';
import type { CallStats, DirectionStats, PathStats, StatsSlot, StreamStats } from './stats.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What flows on a connection now: {@link readStats} of its own report. */
export async function statsOf(
  connection: RTCPeerConnection,
  transceivers: ReadonlyMap<StatsSlot, RTCRtpTransceiver>,
): Promise<CallStats> {
  return readStats(await connection.getStats(), transceivers, connection.remoteDescription?.sdp);
}

/** Reads a stats report; the m-lines are known by their mid. `theirs` is the other side's description. */
export function readStats(
  report: ReadonlyMap<string, unknown>,
  transceivers: ReadonlyMap<StatsSlot, Pick<RTCRtpTransceiver, 'mid'>>,
  theirs: string | undefined,
): CallStats {
  const slots = new Map([...transceivers].map(([slot, { mid }]) => [String(mid), slot]));
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
    path: pathOf(report, theirs),
    candidates: candidatesOf(report),
    sent: read('outbound-rtp'),
    received: read('inbound-rtp'),
  };
}

/** The pair of candidates in use; null while there is none. */
export function pathOf(report: ReadonlyMap<string, unknown>, theirs: string | undefined): PathStats | null {
  const pair = selectedPair(report);
  if (!pair) return null;
  const local = entryOf(report, pair.localCandidateId);
  const roundTrip = number(pair.currentRoundTripTime);
  const protocol = local.candidateType === 'relay' ? local.relayProtocol : local.protocol;
  return {
    kind: relaysOf(report, theirs) > 0 ? 'relayed' : 'direct',
    transport: protocol === 'tcp' || protocol === 'tls' ? protocol : 'udp',
    roundTripMs: roundTrip === null ? null : roundTrip * 1000,
  };
}

/** How many relays the pair in use passes. */
export function relaysOf(report: ReadonlyMap<string, unknown>, theirs = ''): number {
  const { localCandidateId, remoteCandidateId } = selectedPair(report) ?? {};
  const ends = [localCandidateId, remoteCandidateId].map((id) => entryOf(report, id));
  // A check may come before word of the candidate that sent it, and Firefox goes on to call it prflx: the address tells.
  return ends.filter(
    ({ candidateType, address, port }) =>
      candidateType === 'relay' ||
      (candidateType === 'prflx' && theirs.includes(` ${address} ${port} typ relay`)),
  ).length;
}

const entryOf = (report: ReadonlyMap<string, unknown>, id: unknown) =>
  (report.get(String(id)) ?? {}) as Fields;

/** The kinds of addresses that each side has. */
export function candidatesOf(report: ReadonlyMap<string, unknown>): CallStats['candidates'] {
  const all = [...report.values()] as Fields[];
  return { own: kindsOf(all, 'local-candidate'), theirs: kindsOf(all, 'remote-candidate') };
}

function kindsOf(all: readonly Fields[], type: string): readonly string[] {
  const kinds = all
    .filter((entry) => entry.type === type && typeof entry.candidateType === 'string')
    .map((entry) => `${entry.candidateType} ${entry.relayProtocol ?? entry.protocol}`);
  return [...new Set(kinds)].sort();
}

function streamOf(entry: Fields, report: ReadonlyMap<string, unknown>, all: readonly Fields[]): StreamStats {
  const codec = entryOf(report, entry.codecId);
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
