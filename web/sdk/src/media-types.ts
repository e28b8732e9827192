/** What to ask of camera and microphone. Everything is a wish (`ideal`), so that no device is refused for it. */
export interface MediaOptions {
  /** Pixels. Defaults to 640. */
  readonly width?: number;
  /** Pixels. Defaults to 480. */
  readonly height?: number;
  /** Pictures per second. Defaults to 15. */
  readonly frameRate?: number;
  /** Which camera of a phone. Defaults to `user`, the one that looks at the person. */
  readonly facingMode?: 'user' | 'environment';
  /** A device the person chose before; another one is used where it is gone. */
  readonly cameraId?: string;
  readonly microphoneId?: string;
  /** Whether the camera starts switched on. Defaults to true. */
  readonly camera?: boolean;
  /** Whether the microphone starts switched on. Defaults to true. */
  readonly microphone?: boolean;
}

export type MediaKind = 'microphone' | 'camera';

/** Why a device does not work. The words for people belong to the page. */
export type MediaProblemReason =
  /** The page is not HTTPS or localhost, so the browser hides the devices. */
  | 'insecure-page'
  /** The browser has no getUserMedia. */
  | 'unsupported'
  /** The browser's question was closed without an answer: asking again works. */
  | 'dismissed'
  /** This site is blocked in the browser: the person must unblock it there. */
  | 'blocked'
  /** The operating system keeps the browser from the device. */
  | 'blocked-by-system'
  /** The page that embeds this one does not allow camera or microphone. */
  | 'blocked-by-frame'
  /** There is no such device. Tried again by itself when one is plugged in. */
  | 'not-found'
  /** Another program has the device, or the hardware failed. */
  | 'in-use'
  /** The system holds the device for now: a phone call, a closed lid. It comes back by itself. */
  | 'interrupted'
  /** The device was unplugged or taken away in the middle of the call. */
  | 'lost'
  /** Anything else; `detail` has the browser's own words. */
  | 'unknown';

export interface MediaProblem {
  readonly reason: MediaProblemReason;
  /** The browser's own words, for the log. */
  readonly detail: string;
}

/** One of our own devices. A new object on every change. */
export interface LocalDevice {
  /** What the person chose: the switch's position. Kept while the device fails. */
  readonly enabled: boolean;
  /** The device delivers right now. */
  readonly live: boolean;
  /** Why `enabled` is not `live`, if something is wrong. */
  readonly problem: MediaProblem | null;
  readonly deviceId: string | null;
}

/** The device lists of the browser. Labels are empty until the person has given permission. */
export interface DeviceList {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
}

/** Our own camera and microphone. Changes are told by the call's event `localmedia`. */
export interface LocalMedia {
  /** For the preview. The same object throughout; its tracks come and go. */
  readonly stream: MediaStream;
  readonly microphone: LocalDevice;
  readonly camera: LocalDevice;
  readonly devices: DeviceList;
  /** The browser is opening devices, perhaps asking the person. */
  readonly starting: boolean;
  /** Which way a phone's camera looks; mirror the preview only for `user`. */
  readonly facingMode: 'user' | 'environment';

  /**
   * Opens microphone and camera, together if possible, else whichever works. Never rejects: what went wrong is
   * in `microphone.problem` and `camera.problem`. Call it again to ask again.
   */
  start(): Promise<void>;
  /** Muting keeps the microphone open, so that unmuting is instant. */
  setMicrophoneEnabled(enabled: boolean): Promise<void>;
  /** Switching off closes the camera, and its light goes out. */
  setCameraEnabled(enabled: boolean): Promise<void>;
  /** Takes another device, in the middle of a call too. If it cannot be opened the old one goes on and `problem` is set. */
  switchDevice(choice: { readonly kind: MediaKind; readonly deviceId: string }): Promise<void>;
  /** Front to back camera and back again, or to the next camera where there is no such distinction. */
  flipCamera(): Promise<void>;
  /** Closes all devices. `start()` opens them again. */
  stop(): void;
}
