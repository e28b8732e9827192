import type { MediaKind, MediaOptions } from './media-types.ts';

/** The constraints to open a device with: wishes, except for a device that the person has just pointed at. */
export function constraintsOf(
  kind: MediaKind,
  options: MediaOptions,
  choice: {
    readonly deviceId?: ConstrainDOMString | undefined;
    readonly facingMode?: ConstrainDOMString | undefined;
  },
): MediaTrackConstraints {
  const deviceId = choice.deviceId === undefined ? {} : { deviceId: choice.deviceId };
  if (kind === 'microphone')
    return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...deviceId };
  return {
    width: { ideal: options.width ?? 640 },
    height: { ideal: options.height ?? 480 },
    frameRate: { ideal: options.frameRate ?? 15 },
    ...(choice.facingMode === undefined ? {} : { facingMode: choice.facingMode }),
    ...deviceId,
  };
}
