import type { ConnectionPath } from './state.ts';
import { pathOf } from './stats-reading.ts';

const everyMs = 2_000;

/** Looks which way a connection goes, and tells when that is another one. Returns what ends it. */
export function watchPath(
  connection: RTCPeerConnection,
  onPath: (path: ConnectionPath | null) => void,
): () => void {
  let last: ConnectionPath | null = null;
  let ended = false;
  const look = async () => {
    const path =
      connection.connectionState === 'connected'
        ? (pathOf(await connection.getStats(), connection.remoteDescription?.sdp)?.kind ?? null)
        : null;
    if (ended || path === last) return;
    last = path;
    onPath(path);
  };
  connection.addEventListener('connectionstatechange', look);
  const timer = setInterval(look, everyMs);
  void look();
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
