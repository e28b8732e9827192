import { Adapter } from './adaptation/adapter.ts';
import type { PeerEvent } from './call-machine.ts';
import { type HeartbeatEvent, heartbeat, newHeartbeat, tickMs } from './heartbeat.ts';
import { Ration } from './ration.ts';
import { tryAgainOnRelay } from './relays-last.ts';
import { SignsOfLife } from './signs-of-life.ts';

/** A channel that beats once it is open; to be made before the first description. */
export function openPulse(connection: RTCPeerConnection, tell: (event: PeerEvent) => void): void {
  const channel = connection.createDataChannel('heartbeat', {
    negotiated: true,
    id: 1,
    ordered: false,
    maxRetransmits: 0,
  });
  channel.onopen = () => keepPulse(connection, channel, tell);
}

/** Beats on a channel until that is closed, and tells what it hears: {@link heartbeat} over a real connection. */
export function keepPulse(
  connection: RTCPeerConnection,
  channel: RTCDataChannel,
  tell: (event: PeerEvent) => void,
): void {
  let state = newHeartbeat(performance.now());
  // Honest ones come four times a second.
  const ration = new Ration(40, 10, performance.now());
  const signs = new SignsOfLife();

  const on = (event: HeartbeatEvent) => {
    const [next, effects] = heartbeat(state, event, performance.now());
    state = next;
    Adapter.of(connection)?.follow(state.verdict === 'stalled');
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          // With a stalled path they would pile up.
          if (channel.bufferedAmount === 0) channel.send(Uint8Array.of(effect.data));
          break;
        case 'count':
          void count();
          break;
        case 'verdict':
          tell({ type: 'heartbeat', verdict: effect.verdict });
          break;
        case 'woke':
          tell({ type: 'heartbeat', verdict: 'woke' });
          break;
        default:
          effect satisfies never;
      }
    }
  };

  const count = async () => {
    on({ type: 'counted', signs: signs.count(await connection.getStats()) });
  };

  tryAgainOnRelay(connection, () => tell({ type: 'heartbeat', verdict: 'detour' }));
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer && data.byteLength > 0 && ration.take(performance.now()))
      on({ type: 'beat', data: new Uint8Array(data)[0] ?? 0 });
  };
  const timer = setInterval(() => {
    if (channel.readyState !== 'open') return clearInterval(timer);
    on({ type: 'tick', hidden: document.visibilityState === 'hidden' });
  }, tickMs);
}
