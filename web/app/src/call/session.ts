import type { AnyCall } from './any-call.ts';

type Action = MediaSessionAction | 'togglemicrophone' | 'togglecamera' | 'hangup' | 'enterpictureinpicture';

/** Lets headset buttons, the lock screen and the browser's own small window work the call, until it is ended. */
export function offerSession(call: AnyCall, float: () => void): () => void {
  const { mediaSession } = navigator;
  if (!mediaSession) return () => {};
  const { local } = call;
  const actions: readonly (readonly [Action, () => void])[] = [
    ['togglemicrophone', () => void local.setMicrophoneEnabled(!local.microphone.enabled)],
    ['togglecamera', () => void local.setCameraEnabled(!local.camera.enabled)],
    ['hangup', () => call.hangUp()],
    ['enterpictureinpicture', float],
  ];
  const handle = (run: boolean) => {
    for (const [action, handler] of actions) {
      try {
        mediaSession.setActionHandler(action as MediaSessionAction, run ? handler : null);
      } catch {
        // This browser does not know the action.
      }
    }
  };
  const show = () => {
    void mediaSession.setMicrophoneActive?.(local.microphone.live);
    void mediaSession.setCameraActive?.(local.camera.live);
  };
  handle(true);
  show();
  const end = call.on('localmedia', show);
  return () => {
    end();
    handle(false);
  };
}
