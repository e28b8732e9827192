import { type Sending, unhindered } from '../state.ts';
import { ladders, type Sent, type Step } from './ladder.ts';
import { hurts, isSettled, type Pressure, type Sample, withSample } from './pressure.ts';

/**
 * Decides how sound and pictures are sent, as a pure state machine: one sample of the browser's statistics a second in, the steps
 * of a ladder (`ladder.ts`) out. The sound comes first: under pressure the pictures step down, then pause.
 *
 * Down at the third look in a row that finds pressure, to what the path still carries. Up one trial at a time: soon where the browser sees the
 * room, else after a wait. The wait doubles with every trial that fails and halves with every one that does not, so a path that
 * stays thin is asked less and less often.
 */
export interface Adaptation {
  readonly sent: Sent;
  /** Index in the ladder of what is sent. */
  readonly step: number;
  readonly pressure: Pressure;
  /** As far as the two people are told: a picture on trial is not yet one. */
  readonly told: Sending;
  /** The step up that is on trial: until when, and from where; null: none is. */
  readonly trial: { readonly until: number; readonly from: number } | null;
  readonly raisedAt: number;
  /** How long the next step up waits where nothing is known of the room. */
  readonly patienceMs: number;
}

export type Effect =
  | { readonly type: 'send'; readonly step: Step }
  /** What the people should know. */
  | { readonly type: 'tell'; readonly sending: Sending };

/** The third look in a row, though it may come a little early. */
const lowerAfterMs = 1_900;
/** What waited out a cut is a queue as well. */
const lowerUnsettledAfterMs = 3_000;
/** A trial has already shown what it costs. */
const lowerTrialAfterMs = 1_000;
const overloadedAfterMs = 10_000;
/** The wait for a step up for which the browser already sees the room and a quarter more. */
const seenMs = 5_000;
const ampleShare = 1.25;
const trialMs = 8_000;
/** Back down this soon after a step up: the step was too much. */
const failedMs = 30_000;
export const patience = { least: 15_000, most: 60_000 } as const;

export function newAdaptation(now: number): Adaptation {
  return {
    sent: 'sound',
    step: 0,
    pressure: {
      base: null,
      sampledAt: now,
      settledAt: now,
      lossyAt: Number.NEGATIVE_INFINITY,
      hurtSince: null,
      slowSince: null,
      easySince: now,
    },
    told: unhindered,
    trial: null,
    raisedAt: Number.NEGATIVE_INFINITY,
    patienceMs: patience.least,
  };
}

export function adapt(
  before: Adaptation,
  sample: Sample,
  now: number,
): readonly [Adaptation, readonly Effect[]] {
  const after = decide(before, sample, now);
  const effects: Effect[] = [];
  if (after.step !== before.step || after.sent !== before.sent)
    effects.push({ type: 'send', step: stepOf(after) });
  if (after.told !== before.told) effects.push({ type: 'tell', sending: after.told });
  return [after, effects];
}

/**
 * Nothing has come from the other side since the last sample. A path that is not there tells nothing of how much it carries, and
 * when it is back the browser's estimate has to find its way anew.
 */
export function passSilence(state: Adaptation, now: number): Adaptation {
  const { pressure } = state;
  return {
    ...state,
    pressure: {
      ...pressure,
      sampledAt: now,
      settledAt: now,
      hurtSince: null,
      slowSince: null,
      easySince: null,
    },
  };
}

function decide(before: Adaptation, sample: Sample, now: number): Adaptation {
  if (sample.sent !== before.sent) return withOther(before, sample.sent, now);
  const pressure = withSample(
    before.pressure,
    sample,
    hurts(sample, before.pressure, stepOf(before), before.trial !== null, now),
    now,
  );
  const state = { ...before, pressure };
  const { hurtSince, slowSince, easySince } = pressure;
  const { trial } = state;

  const patient = isSettled(pressure, now) ? lowerAfterMs : lowerUnsettledAfterMs;
  if (lasted(hurtSince, trial ? lowerTrialAfterMs : patient, now)) return lower(state, sample, now);
  if (lasted(slowSince, overloadedAfterMs, now)) return simplify(state, now);
  if (trial) return now < trial.until || easySince === null ? state : passed(state);
  return easySince !== null && state.step > 0 ? raiseWhenDue(state, sample, easySince, now) : state;
}

function lower(state: Adaptation, { estimate }: Sample, now: number): Adaptation {
  // Back to what went well.
  if (state.trial) return lowered(state, state.trial.from, 'network', now);
  const ladder = ladders[state.sent];
  // One step at least, and as many as it takes to fit.
  const fits = ladder.findIndex(({ needs }, i) => i > state.step && (estimate === null || needs <= estimate));
  if (fits < 0) return state;
  return lowered(state, fits, 'network', now);
}

/** For a device that is too slow: less of the pictures, but never less pictures. */
function simplify(state: Adaptation, now: number): Adaptation {
  const next = ladders[state.sent][state.step + 1];
  const { camera, screen } = stepOf(state);
  if (!next || (camera && !next.camera) || (screen && !next.screen)) return state;
  return lowered(state, state.step + 1, 'device', now);
}

function lowered(state: Adaptation, step: number, cause: 'network' | 'device', now: number): Adaptation {
  const { raisedAt, patienceMs } = state;
  const failed = now - raisedAt < failedMs;
  const longer = failed ? Math.min(2 * patienceMs, patience.most) : patienceMs;
  return settle({ ...moved(state, step, now), patienceMs: longer }, cause);
}

function raiseWhenDue(state: Adaptation, { estimate }: Sample, easySince: number, now: number): Adaptation {
  const ladder = ladders[state.sent];
  const ample = (index: number) =>
    estimate !== null && estimate >= ampleShare * (ladder[index]?.needs ?? Number.POSITIVE_INFINITY);
  const next = state.step - 1;
  const paused = !stepOf(state).camera && !stepOf(state).screen && state.sent !== 'sound';
  // With nothing but the sound to go by, an estimate knows of no room for a picture: only trying tells.
  const seen = !paused && ample(next) && state.told.cause !== 'device';
  const trusted = state.patienceMs === patience.least;
  if (!lasted(easySince, seen && trusted ? seenMs : state.patienceMs, now)) return state;
  const best = seen ? ladder.findIndex((_, i) => ample(i)) : next;
  const raised = moved(state, best, now);
  // The estimate has to find its way again: so far it only knew of what was sent.
  return {
    ...raised,
    pressure: { ...raised.pressure, settledAt: now },
    trial: { until: now + trialMs, from: state.step },
    raisedAt: now,
  };
}

function moved(state: Adaptation, step: number, now: number): Adaptation {
  const pressure = { ...state.pressure, hurtSince: null, slowSince: null, easySince: now };
  return { ...state, step, pressure, trial: null };
}

function passed(state: Adaptation): Adaptation {
  const patienceMs = Math.max(state.patienceMs / 2, patience.least);
  return settle({ ...state, trial: null, patienceMs });
}

/** The step is no trial any more: what it pauses is paused, and what it shows is shown. */
function settle(state: Adaptation, cause = state.told.cause): Adaptation {
  const { sent, step, told } = state;
  const { camera, screen } = stepOf(state);
  const sending: Sending = {
    cameraPaused: camera === null && (sent === 'camera' || sent === 'both'),
    screenPaused: screen === null && (sent === 'screen' || sent === 'both'),
    step,
    cause: step === 0 ? null : cause,
  };
  const same = (Object.keys(sending) as (keyof Sending)[]).every((key) => sending[key] === told[key]);
  return same ? state : { ...state, told: sending };
}

/** Something else is sent from now on: as far down as before, on another ladder. */
function withOther(state: Adaptation, sent: Sent, now: number): Adaptation {
  const depth = state.step / (ladders[state.sent].length - 1);
  const step = Math.floor(depth * (ladders[sent].length - 1));
  const there = moved({ ...state, sent }, step, now);
  const settledAt = Math.max(there.pressure.settledAt, now);
  return settle({ ...there, pressure: { ...there.pressure, settledAt } });
}

export function stepOf({ sent, step }: Adaptation): Step {
  const found = ladders[sent][step];
  if (!found) throw new Error('unreachable: every step is one of its ladder');
  return found;
}

function lasted(since: number | null, ms: number, now: number): boolean {
  return since !== null && now - since >= ms;
}
