import type { MediaEnvironment } from './media.ts';
import type { MediaKind } from './media-types.ts';
import type { ScreenEnvironment } from './screen.ts';

/** The browser's devices, or their absence: an insecure page has no `mediaDevices` at all. */
export function browserMedia(): MediaEnvironment {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  return {
    getUserMedia: (constraints) =>
      devices?.getUserMedia
        ? devices.getUserMedia(constraints)
        : Promise.reject(new DOMException('getUserMedia is missing', 'NotSupportedError')),
    enumerateDevices: () => devices?.enumerateDevices() ?? Promise.resolve([]),
    context: async (kind) => ({
      secure: isSecureContext,
      supported: Boolean(devices?.getUserMedia),
      permission: await permission(kind),
      allowedByFrame: allowedByFrame(kind),
    }),
    newStream: () => new MediaStream(),
    onDeviceChange: (listener) => {
      devices?.addEventListener('devicechange', listener);
      return () => devices?.removeEventListener('devicechange', listener);
    },
  };
}

export function browserScreen(): ScreenEnvironment {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  return { getDisplayMedia: devices?.getDisplayMedia?.bind(devices) };
}

async function permission(kind: MediaKind): Promise<PermissionState | null> {
  try {
    const { state } = await navigator.permissions.query({ name: kind as PermissionName });
    return state;
  } catch {
    // Not every browser can be asked about cameras.
    return null;
  }
}

function allowedByFrame(kind: MediaKind): boolean | null {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy ? policy.allowsFeature(kind) : null;
}
