/**
 * Tells within a second whether the path to the other browser still carries anything, as a pure state machine.
 * ICE by itself notices after five seconds and more.
 *
 * Both sides send a byte four times a second over an unreliable channel. Silence alone is no proof, for single beats get
 * lost: when a few are missing, what the connection has received decides.
 */
export interface Heartbeat {
  readonly verdict: Verdict;
  /** When something last came from the other side, in milliseconds; null before the first beat. */
  readonly heardAt: number | null;
  readonly tickedAt: number;
  readonly sentAt: number;
  /** What had been counted when silence began to look odd. */
  readonly signs: number | null;
  /** How many beats in a row said that the other side does not hear us; below zero while it has had no time yet to say otherwise. */
  readonly deaf: number;
  /** Told already that a stall may be beginning. */
  readonly odd: boolean;
  /** When the last beat came. */
  readonly beatAt: number;
  /** The other page is in the background, where browsers slow its timers down. */
  readonly theirsHidden: boolean;
}

export type Verdict =
  /** No beat has come yet. */
  | 'unknown'
  | 'alive'
  /** Nothing comes from there, or nothing from here arrives there. */
  | 'stalled';

export type HeartbeatEvent =
  | { readonly type: 'tick'; readonly hidden: boolean }
  | { readonly type: 'beat'; readonly data: number }
  /** Signs of life so far, above all bytes received by the connection, and never fewer; answers the effect `count`. */
  | { readonly type: 'counted'; readonly signs: number };

export type HeartbeatEffect =
  | { readonly type: 'send'; readonly data: number }
  | { readonly type: 'count' }
  /** `alive` each time that this is confirmed; `odd` once, where a stall may be beginning, and `stalled` once. */
  | { readonly type: 'verdict'; readonly verdict: 'alive' | 'odd' | 'stalled' }
  /** The whole machine slept, or this page was frozen. */
  | { readonly type: 'woke' };

/** How often to tick, in milliseconds. */
export const tickMs = 125;
const beatMs = 250;
/** A missing beat is odd, three are a stall. */
const oddMs = 375;
/** Of a machine that has slept: soon a stall, if nothing comes. */
const wokenSilenceMs = 500;
const stallMs = 750;
const hiddenStallMs = 2_500;
const sleepMs = 3_000;
/** At this share of the silence that is a stall, one may be beginning: time for what does no harm if it is none. */
const oddShare = 2 / 3;
const maxDeaf = 2;
/** After a stall the other side has to hear us first, and beats that it sent before are still under way. */
const graceBeats = 2;

const hears = 1;
const isHidden = 2;

export function newHeartbeat(now: number): Heartbeat {
  return {
    verdict: 'unknown',
    heardAt: null,
    tickedAt: now,
    sentAt: Number.NEGATIVE_INFINITY,
    signs: null,
    deaf: 0,
    odd: false,
    beatAt: Number.NEGATIVE_INFINITY,
    theirsHidden: false,
  };
}

type Turn = readonly [Heartbeat, readonly HeartbeatEffect[]];

export function heartbeat(state: Heartbeat, event: HeartbeatEvent, now: number): Turn {
  switch (event.type) {
    case 'tick':
      return tick(state, event.hidden, now);
    case 'beat': {
      // Several at once have waited on the way: they say what was, and only once.
      const stale = now - state.beatAt < beatMs / 2;
      const deaf = event.data & hears ? 0 : state.deaf + (stale ? 0 : 1);
      const theirsHidden = (event.data & isHidden) !== 0;
      return heard({ ...state, deaf, beatAt: now, theirsHidden }, now);
    }
    case 'counted': {
      if (state.heardAt === null) return [state, []];
      const { signs } = state;
      // Something else came through: beats were lost, not the path.
      if (signs !== null && event.signs > signs) return heard(state, now);
      const after = { ...state, signs: event.signs };
      // The first count has nothing to be compared with.
      return signs === null ? [after, []] : judge(after, now);
    }
    default:
      return event satisfies never;
  }
}

function tick(before: Heartbeat, hidden: boolean, now: number): Turn {
  const slept = now - before.tickedAt >= sleepMs;
  // Nobody could be heard meanwhile: silence counts from now, and it is odd already, so that signs of life soon tell whether the path is there.
  const state: Heartbeat = {
    ...before,
    tickedAt: now,
    heardAt: slept && before.heardAt !== null ? now - wokenSilenceMs : before.heardAt,
    signs: slept ? null : before.signs,
  };
  const effects: HeartbeatEffect[] = slept ? [{ type: 'woke' }] : [];
  const silence = silenceOf(state, now);
  const due = now - state.sentAt >= beatMs;
  // Before the first beat from there, nothing is claimed.
  const hearing = state.heardAt === null || silence < stallOf(state);
  if (due) effects.push({ type: 'send', data: (hearing ? hears : 0) | (hidden ? isHidden : 0) });
  if (state.heardAt !== null && silence >= oddMs) effects.push({ type: 'count' });
  return [due ? { ...state, sentAt: now } : state, effects];
}

function heard(state: Heartbeat, now: number): Turn {
  const after = { ...state, heardAt: now, signs: null, odd: false };
  if (state.deaf >= maxDeaf) return judge(after, now);
  // Whoever is not heard confirms nothing.
  if (state.verdict === 'alive' && state.deaf > 0) return [after, []];
  const deaf = state.verdict === 'stalled' ? -graceBeats : state.deaf;
  return [{ ...after, deaf, verdict: 'alive' }, [{ type: 'verdict', verdict: 'alive' }]];
}

/** Only hearing something ends a stall: silence that counts anew proves nothing. */
function judge(state: Heartbeat, now: number): Turn {
  if (state.heardAt === null || state.verdict === 'stalled') return [state, []];
  const silence = silenceOf(state, now) / stallOf(state);
  const odd: HeartbeatEffect[] = state.odd ? [] : [{ type: 'verdict', verdict: 'odd' }];
  if (silence >= 1 || state.deaf >= maxDeaf)
    return [{ ...state, verdict: 'stalled' }, [...odd, { type: 'verdict', verdict: 'stalled' }]];
  return silence >= oddShare ? [{ ...state, odd: true }, odd] : [state, []];
}

function silenceOf({ heardAt }: Heartbeat, now: number): number {
  return heardAt === null ? Number.POSITIVE_INFINITY : now - heardAt;
}

function stallOf({ theirsHidden }: Heartbeat): number {
  return theirsHidden ? hiddenStallMs : stallMs;
}
