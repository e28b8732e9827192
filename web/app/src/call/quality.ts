import type { CallStats } from '@parley/client';
import { ratesBetween } from '@parley/client/stats';

/** One look at the connection, for a person and for the charts. */
export interface Sample {
  /** Bits per second. */
  readonly sent: number;
  readonly received: number;
  /** The worse direction, 0 to 1. */
  readonly loss: number;
  readonly lossSide: 'here' | 'there';
  readonly roundTripMs: number | null;
  readonly framesPerSecond: number | null;
}

export type Level = 'good' | 'fair' | 'poor';

/** What is the matter, in the order of what helps most to know. */
export type Cause = 'none' | 'lossHere' | 'lossThere' | 'far';

export interface Quality {
  readonly level: Level;
  readonly cause: Cause;
  /** Looks in a row that said otherwise. */
  readonly doubts: number;
}

export const unknownQuality: Quality = { level: 'good', cause: 'none', doubts: 0 };

export function sampleOf(before: CallStats, after: CallStats): Sample {
  const { sentBitrate, receivedBitrate, sentLoss, receivedLoss } = ratesBetween(before, after);
  return {
    sent: sentBitrate,
    received: receivedBitrate,
    loss: Math.max(sentLoss, receivedLoss),
    // What we send gets lost on our side of the way as often as not, but what arrives with holes was sent by them.
    lossSide: sentLoss > receivedLoss ? 'here' : 'there',
    roundTripMs: after.path?.roundTripMs ?? null,
    framesPerSecond: (after.received.screen ?? after.received.camera)?.framesPerSecond ?? null,
  };
}

/** Two looks in a row before anything is called worse, four before it is called better: nothing should flicker. */
const untilWorse = 2;
const untilBetter = 4;

export function judge(before: Quality, sample: Sample): Quality {
  const now = verdict(sample);
  if (now.level === before.level) return { ...now, doubts: 0 };
  const doubts = before.doubts + 1;
  const worse = order.indexOf(now.level) > order.indexOf(before.level);
  return doubts >= (worse ? untilWorse : untilBetter) ? { ...now, doubts: 0 } : { ...before, doubts };
}

const order: readonly Level[] = ['good', 'fair', 'poor'];

function verdict({ loss, lossSide, roundTripMs }: Sample): Omit<Quality, 'doubts'> {
  const far = roundTripMs ?? 0;
  const level = loss > 0.1 || far > 700 ? 'poor' : loss > 0.03 || far > 350 ? 'fair' : 'good';
  if (level === 'good') return { level, cause: 'none' };
  if (loss > 0.03) return { level, cause: lossSide === 'here' ? 'lossHere' : 'lossThere' };
  return { level, cause: 'far' };
}
