import { afterEach, expect, test, vi } from 'vitest';
import { keepPulse } from './pulse.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a flood of beats is not acted on, and the path is still known to be alive', () => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  const channel = {
    readyState: 'open',
    bufferedAmount: 0,
    send: () => undefined,
    onmessage: null as ((event: { data: unknown }) => void) | null,
  };
  const connection = { getSenders: () => [], getStats: async () => new Map() };
  let told = 0;
  const tell = () => void told++;
  keepPulse(connection as unknown as RTCPeerConnection, channel as unknown as RTCDataChannel, tell);
  // Told twice that it is not heard, then that it is: each time another verdict.
  for (let second = 0; second < 10; second++) {
    for (let beat = 0; beat < 6_000; beat++)
      channel.onmessage?.({ data: Uint8Array.of(beat % 3 === 2 ? 1 : 0).buffer });
    vi.advanceTimersByTime(1_000);
  }
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(150);
  channel.onmessage?.({ data: 'text' });
  channel.onmessage?.({ data: new ArrayBuffer(0) });
});
