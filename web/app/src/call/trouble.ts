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
