import { recall, remember } from './memory.ts';

/** A call that was made from this browser. */
export interface RecentCall {
  readonly room: string;
  /** Who was there, if they gave a name. */
  readonly name: string | null;
  /** Wall clock, ms. */
  readonly at: number;
}

const most = 5;

/** The list with a call on top, which it has once only. */
export const withCall = (list: readonly RecentCall[], call: RecentCall): readonly RecentCall[] =>
  [call, ...withoutRoom(list, call.room)].slice(0, most);

export const withoutRoom = (list: readonly RecentCall[], room: string): readonly RecentCall[] =>
  list.filter((call) => call.room !== room);

/** What was kept, as far as it makes sense. */
export const parseRecent = (kept: unknown): readonly RecentCall[] =>
  Array.isArray(kept) ? kept.filter(isCall).slice(0, most) : [];

export const recentCalls = (): readonly RecentCall[] => parseRecent(recall('recent'));
export const keepCall = (call: RecentCall): void => remember('recent', withCall(recentCalls(), call));
export const forgetCall = (room: string): void => remember('recent', withoutRoom(recentCalls(), room));
export const forgetCalls = (): void => remember('recent', []);

function isCall(value: unknown): value is RecentCall {
  const { room, name, at } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof room === 'string' &&
    room !== '' &&
    (name === null || typeof name === 'string') &&
    typeof at === 'number'
  );
}
