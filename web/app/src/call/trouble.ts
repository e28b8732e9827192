import type { LocalMedia, MediaProblemReason } from '@parley/client';
import type { Devices } from '../text/en.ts';

export interface Trouble {
  readonly what: Devices;
  readonly reason: MediaProblemReason;
}

/** What keeps the devices that the person wants from working: one entry where both have the same trouble. */
export function troubles(local: Pick<LocalMedia, 'camera' | 'microphone'>): readonly Trouble[] {
  const camera = local.camera.enabled ? local.camera.problem?.reason : undefined;
  const microphone = local.microphone.enabled ? local.microphone.problem?.reason : undefined;
  if (camera && camera === microphone) return [{ what: 'both', reason: camera }];
  return [
    ...(camera ? [{ what: 'camera', reason: camera } as const] : []),
    ...(microphone ? [{ what: 'microphone', reason: microphone } as const] : []),
  ];
}

/** Asks once more for what does not work. What the system held comes anew, in case it would not come back by itself. */
export async function openAgain(local: LocalMedia): Promise<void> {
  for (const kind of ['microphone', 'camera'] as const) {
    const { enabled, problem, deviceId } = local[kind];
    if (enabled && deviceId && problem?.reason === 'interrupted')
      await local.switchDevice({ kind, deviceId });
  }
  await local.start();
}
