import { leastNeeds, type Sent, type Step } from './ladder.ts';

/** One look at the browser's statistics. */
export interface Sample {
  readonly sent: Sent;
  /** Bits per second that the browser believes the path to carry; null where it does not say. */
  readonly estimate: number | null;
  readonly roundTripMs: number | null;
  /** Share of our packets that got lost, 0 to 1, as the other side last told. */
  readonly loss: number;
  /** The encoder cannot keep up. */
  readonly overloaded: boolean;
}

/** How long it has been as it is. */
export interface Pressure {
  /** The round trip of the path when nothing waits on it, in milliseconds; null: not known. */
  readonly base: number | null;
  readonly sampledAt: number;
  /** From when on the browser's estimate counts: it begins low and has to find its way. */
  readonly settledAt: number;
  /** When much was last lost. */
  readonly lossyAt: number;
  /** Each is null while it is not so. */
  readonly hurtSince: number | null;
  readonly slowSince: number | null;
  readonly easySince: number | null;
}

const settleMs = 5_000;
/** Longer between two samples than this, and there was no connection in between: all begins anew. */
const silentMs = 4_000;
/** The least round trip seen may be that of another path: it is forgotten by one percent a second. */
const forgettingPerSecond = 1.01;
const queueMs = 150;
const badLoss = 0.1;
/** Of few packets sometimes none is lost; and the estimate takes its time to rise again. */
const lossyMs = 10_000;

/** Whether the estimate has had the time to find its way. */
export function isSettled({ settledAt }: Pressure, now: number): boolean {
  return now - settledAt >= settleMs;
}

/** Whether more is sent than the path carries. */
export function hurts(
  { estimate, roundTripMs, loss }: Sample,
  pressure: Pressure,
  { needs }: Step,
  onTrial: boolean,
  now: number,
): boolean {
  const { base, lossyAt } = pressure;
  // A queue grows before anything is lost, and the sound waits in it. Theirs is in the round trip, too: then nothing of ours is lost.
  const queued = roundTripMs !== null && base !== null && roundTripMs > 1.25 * base + queueMs;
  if (estimate === null) return queued || loss > badLoss;
  // An estimate at its floor says nothing about the smallest picture: neither that there is no room for it, nor that there is.
  if (!isSettled(pressure, now) || needs === leastNeeds) return queued;
  // What is lost in a full queue is ours. What is lost without one is chance: less picture would not mend it, though it makes the estimate
  // fall, down to its floor. Where more was asked for than before the estimate counts all the same.
  const lossy = loss > badLoss || now - lossyAt < lossyMs;
  return (queued && lossy) || ((onTrial || !lossy) && estimate < needs);
}

export function withSample(before: Pressure, sample: Sample, hurt: boolean, now: number): Pressure {
  const anew = now - before.sampledAt > silentMs;
  const { roundTripMs, overloaded, loss } = sample;
  const { base, sampledAt } = before;
  const aged = base === null || anew ? null : base * forgettingPerSecond ** ((now - sampledAt) / 1_000);
  const since = (already: number | null, is: boolean) => (is ? (anew ? now : (already ?? now)) : null);
  return {
    base: roundTripMs === null ? aged : Math.min(roundTripMs, aged ?? Number.POSITIVE_INFINITY),
    sampledAt: now,
    settledAt: anew ? now : before.settledAt,
    lossyAt: loss > badLoss ? now : before.lossyAt,
    hurtSince: since(before.hurtSince, hurt),
    slowSince: since(before.slowSince, overloaded),
    easySince: since(before.easySince, !hurt && !overloaded),
  };
}
