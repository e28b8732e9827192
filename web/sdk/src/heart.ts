import { type HeartbeatEvent, heartbeat, newHeartbeat, tickMs } from './heartbeat.ts';

export type Verdict = 'alive' | 'stalled' | 'woke';

/** Beats on an open channel until the result is called, and tells what it makes of the beats of the other side. */
export function startHeart(
  channel: RTCDataChannel,
  getStats: () => Promise<RTCStatsReport>,
  tell: (verdict: Verdict) => void,
): () => void {
  let state = newHeartbeat(performance.now());
  let stopped = false;

  function on(event: HeartbeatEvent): void {
    if (stopped) return;
    const [after, effects] = heartbeat(state, event, performance.now());
    state = after;
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          // With a stalled path they would pile up.
          if (channel.readyState === 'open' && channel.bufferedAmount === 0)
            channel.send(Uint8Array.of(effect.data));
          break;
        case 'count':
          void count();
          break;
        case 'verdict':
          tell(effect.verdict);
          break;
        case 'woke':
          tell('woke');
          break;
        default:
          effect satisfies never;
      }
    }
  }

  async function count(): Promise<void> {
    const stats = [...(await getStats()).values()] as Record<string, unknown>[];
    const bytes = stats
      .filter(({ type }) => type === 'transport' || type === 'candidate-pair')
      .reduce((sum, { bytesReceived }) => sum + (typeof bytesReceived === 'number' ? bytesReceived : 0), 0);
    on({ type: 'counted', bytes });
  }

  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer && data.byteLength > 0)
      on({ type: 'beat', data: new Uint8Array(data)[0] ?? 0 });
  };
  const timer = setInterval(
    () => on({ type: 'tick', hidden: document.visibilityState === 'hidden' }),
    tickMs,
  );
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
