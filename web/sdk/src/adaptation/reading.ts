import type { Sent } from './ladder.ts';
import type { Sample } from './pressure.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an encoder had done by then; two of these make its load. */
export interface Reading {
  readonly sample: Sample;
  readonly at: number;
  readonly encodeSeconds: number;
  /** Bytes that have come from the other side; zero where the browser does not say. */
  readonly received: number;
  /** It counts by transport: one that checks a lost path several times a second. Firefox, which does not, does so every five seconds. */
  readonly countsTransport: boolean;
}

/** Above this share of the time in the encoder, frames wait for each other. */
const busyShare = 0.8;
/** A report of the other side that is older says nothing of now. */
const freshMs = 6_000;

/** Makes a sample of a stats report; `before` is the reading of the one before. */
export function readSample(
  report: ReadonlyMap<string, unknown>,
  sent: Sent,
  before: Reading | null,
): Reading {
  const of = (type: string) => entriesOf(report, type);
  const all = [...report.values()] as Fields[];
  const at = Math.max(0, ...all.map(({ timestamp }) => number(timestamp) ?? 0));

  const pair = selectedPair(report);
  // The newest first: of those on sound, which come every five seconds, one may have waited out a cut.
  const told = of('remote-inbound-rtp')
    .filter(({ timestamp }) => at - (number(timestamp) ?? 0) < freshMs)
    .sort((a, b) => (number(b.timestamp) ?? 0) - (number(a.timestamp) ?? 0));
  // Reports on what is sent come more often than checks of the path.
  const roundTrips = [...told.map(({ roundTripTime }) => roundTripTime), pair?.currentRoundTripTime];
  const roundTrip = roundTrips.map(number).find((seconds) => seconds !== null) ?? null;
  const losses = told.map(({ fractionLost }) => number(fractionLost)).filter((loss) => loss !== null);

  const encoders = of('outbound-rtp').filter(({ kind, active }) => kind === 'video' && active !== false);
  const encodeSeconds = encoders.reduce((sum, entry) => sum + (number(entry.totalEncodeTime) ?? 0), 0);
  const load =
    before && at > before.at ? (encodeSeconds - before.encodeSeconds) / ((at - before.at) / 1_000) : 0;

  return {
    at,
    encodeSeconds,
    received: receivedBytes(report),
    countsTransport: countsTransport(report),
    sample: {
      sent,
      estimate: number(pair?.availableOutgoingBitrate),
      roundTripMs: roundTrip === null ? null : 1_000 * roundTrip,
      loss: losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length),
      overloaded:
        load > busyShare || encoders.some(({ qualityLimitationReason: reason }) => reason === 'cpu'),
    },
  };
}

/** Bytes that have come on a connection, of whatever kind; zero where the browser does not say. */
function receivedBytes(report: ReadonlyMap<string, unknown>): number {
  return bytesCounted(report).reduce((sum, { bytesReceived }) => sum + (number(bytesReceived) ?? 0), 0);
}

/** The entries that count what has come: of the transport, or in Firefox (153) of each pair. */
export function bytesCounted(report: ReadonlyMap<string, unknown>): readonly Fields[] {
  return entriesOf(report, countsTransport(report) ? 'transport' : 'candidate-pair');
}

function countsTransport(report: ReadonlyMap<string, unknown>): boolean {
  return entriesOf(report, 'transport').some(({ bytesReceived }) => number(bytesReceived) !== null);
}

/** The pair of candidates in use. */
export function selectedPair(report: ReadonlyMap<string, unknown>): Fields | undefined {
  const transport = entriesOf(report, 'transport').find((entry) => entry.selectedCandidatePairId);
  const selected = transport?.selectedCandidatePairId;
  return entriesOf(report, 'candidate-pair').find(({ id, selected: marked }) =>
    selected ? id === selected : marked === true,
  );
}

function entriesOf(report: ReadonlyMap<string, unknown>, type: string): Fields[] {
  return ([...report.values()] as Fields[]).filter((entry) => entry.type === type);
}

export const number = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
