import type { Machine } from './types.ts';

/** What may be between the two browsers right now. */
export type Stage =
  /** Everything: both have joined, or nobody is there yet to be told anything. */
  | 'open'
  /** Somebody is still in the lobby: a connection through the relay, which shows nobody's address, and no media on it. */
  | 'warm'
  /** Somebody is still in the lobby, and there is no relay to meet at, or no wish to: nothing. */
  | 'cold';

export function stageOf({ options, firm, present, session, seat, cooled }: Machine): Stage {
  // Nobody says what their media do before they have joined.
  const joined = session?.remoteMedia || !present?.lobby;
  const running = session && !session.warm && session.link.kind !== 'new';
  if (firm && (joined || running)) return 'open';
  return options.warmUp && present && !cooled && hasRelay(seat?.iceServers ?? []) ? 'warm' : 'cold';
}

export function hasRelay(iceServers: readonly RTCIceServer[]): boolean {
  return /"turns?:/i.test(JSON.stringify(iceServers));
}
