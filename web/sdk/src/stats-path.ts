import type { PathStats } from './stats.ts';

type Fields = Readonly<Record<string, unknown>>;

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

export const number = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
