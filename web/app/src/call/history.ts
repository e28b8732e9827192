import type { CallState, CallStats, ConnectionPath } from '@parley/client';
import type { AnyCall } from './any-call.ts';
import type { Level, Sample } from './quality.ts';

/** What a call has been through since the person joined: for the screen after it, and kept in this page only. */
export interface History {
  /** The way it took last. */
  readonly way: ConnectionPath | null;
  /** All the ways it took, with what carried them, such as `relayed tls`. */
  readonly ways: readonly string[];
  /** What kinds of addresses each side had. */
  readonly candidates: CallStats['candidates'];
  /** From when the two first met to the end, ms; null before there was either. */
  readonly talkedMs: number | null;
  /** How often the connection was lost. */
  readonly lost: number;
  /** Looks at the connection, and how many of them found it weak. */
  readonly looks: number;
  readonly weak: number;
  /** 0 to 1. */
  readonly worstLoss: number;
  readonly worstRoundTripMs: number;
}

export const noHistory: History = {
  way: null,
  talkedMs: null,
  ways: [],
  candidates: { own: [], theirs: [] },
  lost: 0,
  looks: 0,
  weak: 0,
  worstLoss: 0,
  worstRoundTripMs: 0,
};

/** With another count of what the connection does. */
export function withStats(history: History, { path, candidates }: CallStats): History {
  const way = path && `${path.kind} ${path.transport}`;
  return {
    ...history,
    ways: way && !history.ways.includes(way) ? [...history.ways, way] : history.ways,
    candidates: {
      own: union(history.candidates.own, candidates.own),
      theirs: union(history.candidates.theirs, candidates.theirs),
    },
  };
}

/** With another look at how well it does. */
export function withLook(history: History, { loss, roundTripMs }: Sample, level: Level): History {
  return {
    ...history,
    looks: history.looks + 1,
    weak: history.weak + (level === 'poor' ? 1 : 0),
    worstLoss: Math.max(history.worstLoss, loss),
    worstRoundTripMs: Math.max(history.worstRoundTripMs, roundTripMs ?? 0),
  };
}

/** Whether whoever runs the server may want to know how it went. */
export function hadTrouble({ way, candidates, lost, weak }: History, state: CallState): boolean {
  if (state.kind === 'error')
    return state.error.reason === 'connection-failed' || state.error.reason === 'server-error';
  const neverMet = way === null && candidates.theirs.length > 0;
  return state.kind === 'ended' && (lost > 0 || weak > 0 || neverMet);
}

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();

const histories = new WeakMap<AnyCall, History>();

export const historyOf = (call: AnyCall): History => histories.get(call) ?? noHistory;

export const keepHistory = (call: AnyCall, history: History): void => void histories.set(call, history);
