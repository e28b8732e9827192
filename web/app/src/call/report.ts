import type { CallState, LocalMedia } from '@parley/client';
import type { History } from './history.ts';

export interface Facts {
  /** When the person asked for the report. */
  readonly at: Date;
  readonly state: CallState;
  readonly history: History;
  readonly local: Pick<LocalMedia, 'camera' | 'microphone'>;
  readonly relayOnly: boolean;
  readonly localNetworkBlocked: boolean;
  readonly userAgent: string;
}

/** How a call went, for whoever runs the server: no names, no address of anybody, and not the room's, which is its key. */
export function reportOf({ at, state, history, local, ...facts }: Facts): string {
  const { ways, candidates, lost, looks, weak, worstLoss, worstRoundTripMs } = history;
  const troubled = (['camera', 'microphone'] as const).flatMap((kind) =>
    local[kind].problem ? [`${kind} ${local[kind].problem.reason}`] : [],
  );
  const list = (all: readonly string[]) => all.join(', ') || 'none';
  return [
    `Parley call, ${at.toISOString()}`,
    `outcome: ${outcomeOf(state)}`,
    `ways: ${list(ways)}`,
    `candidates here: ${list(candidates.own)}`,
    `candidates there: ${list(candidates.theirs)}`,
    `lost: ${lost} times`,
    `weak: ${weak} of ${looks} looks, worst loss ${(100 * worstLoss).toFixed(1)} %, worst round trip ${Math.round(worstRoundTripMs)} ms`,
    `relay only: ${facts.relayOnly ? 'yes' : 'no'}`,
    `local network: ${facts.localNetworkBlocked ? 'refused by the browser' : 'not refused'}`,
    `devices in trouble: ${list(troubled)}`,
    `browser: ${facts.userAgent}`,
  ].join('\n');
}

function outcomeOf(state: CallState): string {
  if (state.kind === 'ended') return state.reason;
  if (state.kind !== 'error') return state.kind;
  const { reason, obstacle } = state.error;
  return obstacle ? `${reason}, ${obstacle}` : reason;
}
