import { Adapter } from './adaptation/adapter.ts';
import { watchPath } from './path-watch.ts';
import type { LocalSlot } from './peer.ts';
import type { ConnectionPath, Sending } from './state.ts';

/** From the first connection on: the senders follow the network, and the way it goes is told. Returns what ends it. */
export function follow(
  connection: RTCPeerConnection,
  transceivers: ReadonlyMap<LocalSlot, RTCRtpTransceiver>,
  onSending: (sending: Sending) => void,
  onPath: (path: ConnectionPath | null) => void,
): () => void {
  const adapter = new Adapter(connection, transceivers, onSending);
  const endWatch = watchPath(connection, onPath);
  return () => {
    adapter.stop();
    endWatch();
  };
}
