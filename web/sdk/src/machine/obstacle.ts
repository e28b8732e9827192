import type { ConnectionObstacle } from '../errors.ts';
import { hasRelay } from './stage.ts';
import type { Machine } from './types.ts';

/** Why no path was found, as far as one's own candidates tell. */
export function obstacleOf({ seat, session }: Machine): ConnectionObstacle | null {
  if (!hasRelay(seat?.iceServers ?? [])) return 'no-relay';
  if (session?.negotiation.gathered.some(({ candidate }) => / typ relay\b/.test(candidate))) return null;
  return session?.relayRefused ? 'relay-refused' : 'relay-unreachable';
}
