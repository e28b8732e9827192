import { afterEach, expect, test, vi } from 'vitest';
import { FilesDoor } from './door.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('what came while the larger part could not be loaded is there once it can', async () => {
  vi.useFakeTimers();
  const attach = vi.fn();
  let tries = 0;
  const load = () =>
    ++tries < 3
      ? Promise.reject(new Error('the server is away'))
      : Promise.resolve({ browserTransfers: () => ({ attach }) } as unknown as typeof import('./index.ts'));
  const door = new FilesDoor(() => {}, load);
  const channel = { onmessage: null as ((event: { data: unknown }) => void) | null };

  door.connect(channel as unknown as RTCDataChannel);
  channel.onmessage?.({ data: 'early' });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(tries).toBe(3);
  expect(attach).toHaveBeenCalledExactlyOnceWith(channel, ['early']);
});
