import { expect, test } from 'vitest';
import { DeviceMedia, type MediaEnvironment } from './media.ts';
import type { MediaContext } from './media-problem.ts';
import type { MediaKind, MediaOptions } from './media-types.ts';

test('camera and microphone are opened with one question', async () => {
  const { media, browser, sent } = setUp();
  await media.start();
  expect(browser.asked).toEqual(['audio+video']);
  expect(media.stream.getTracks()).toHaveLength(2);
  expect(media.microphone).toMatchObject({ live: true, problem: null, deviceId: 'mic1' });
  expect(media.camera).toMatchObject({ live: true, problem: null, deviceId: 'cam1' });
  expect(sent.camera).toBe(media.stream.getVideoTracks()[0]);
});

test('without a camera the microphone works, and the other way round', async () => {
  for (const [missing, working] of [
    ['camera', 'microphone'],
    ['microphone', 'camera'],
  ] as const) {
    const { media, browser } = setUp();
    browser.failures[missing] = error('NotFoundError');
    await media.start();
    expect(media[missing]).toMatchObject({ live: false, problem: { reason: 'not-found' } });
    expect(media[working]).toMatchObject({ live: true, problem: null });
  }
});

test('with neither, both problems are told and nothing is thrown', async () => {
  const { media, browser } = setUp();
  browser.failures.camera = error('NotFoundError');
  browser.failures.microphone = error('NotReadableError');
  await media.start();
  expect([media.microphone.problem?.reason, media.camera.problem?.reason]).toEqual(['in-use', 'not-found']);
});

test('a person who said no is not asked again device by device', async () => {
  const { media, browser } = setUp();
  browser.failures.camera = browser.failures.microphone = error('NotAllowedError');
  await media.start();
  expect(browser.asked).toEqual(['audio+video']);
  expect(media.camera.problem?.reason).toBe('blocked');
});

test('where only the camera is blocked the microphone is asked for alone', async () => {
  const { media, browser } = setUp();
  browser.failures.camera = error('NotAllowedError');
  browser.permissions.camera = 'denied';
  await media.start();
  expect(browser.asked).toEqual(['audio+video', 'audio']);
  expect(media.microphone.live).toBe(true);
  expect(media.camera.problem?.reason).toBe('blocked');
});

test('asking again after the problem is gone clears it', async () => {
  const { media, browser } = setUp();
  browser.failures.camera = error('NotReadableError');
  await media.start();
  browser.failures = {};
  await media.start();
  expect(media.camera).toMatchObject({ live: true, problem: null });
  expect(browser.asked.at(-1)).toBe('video');
});

test('muting keeps the microphone open, switching the camera off closes it', async () => {
  const { media, sent } = setUp();
  await media.start();
  const [mic] = media.stream.getAudioTracks();
  const [camera] = media.stream.getVideoTracks();

  await media.setMicrophoneEnabled(false);
  await media.setCameraEnabled(false);

  expect(mic).toMatchObject({ enabled: false, readyState: 'live' });
  expect(camera?.readyState).toBe('ended');
  expect(sent).toMatchObject({ microphone: mic, camera: null });
  expect(media.microphone).toMatchObject({ enabled: false, live: false });

  await media.setMicrophoneEnabled(true);
  await media.setCameraEnabled(true);
  expect(mic?.enabled).toBe(true);
  expect(sent.camera).toBe(media.stream.getVideoTracks()[0]);
  expect(media.camera.live).toBe(true);
});

test('what starts switched off is not opened until it is switched on', async () => {
  const { media, browser } = setUp({ camera: false });
  await media.start();
  expect(browser.asked).toEqual(['audio']);
  await media.setCameraEnabled(true);
  expect(browser.asked).toEqual(['audio', 'video']);
});

test('another microphone takes the place of the first', async () => {
  const { media, sent } = setUp();
  await media.start();
  const [before] = media.stream.getAudioTracks();
  await media.switchDevice({ kind: 'microphone', deviceId: 'mic2' });
  expect(media.microphone).toMatchObject({ live: true, deviceId: 'mic2' });
  expect(before?.readyState).toBe('ended');
  expect(sent.microphone).toBe(media.stream.getAudioTracks()[0]);
});

test('if the other device does not open, the first goes on and the problem is told', async () => {
  const { media, browser } = setUp();
  await media.start();
  const [before] = media.stream.getVideoTracks();
  browser.failures.camera = error('OverconstrainedError');
  await media.switchDevice({ kind: 'camera', deviceId: 'gone' });
  expect(before?.readyState).toBe('live');
  expect(media.camera.problem?.reason).toBe('not-found');
});

test('a phone that opens one camera at a time lets go of the first before the second', async () => {
  const { media, browser } = setUp();
  browser.oneCamera = true;
  await media.start();
  await media.switchDevice({ kind: 'camera', deviceId: 'cam2' });
  expect(media.camera).toMatchObject({ live: true, deviceId: 'cam2', problem: null });
});

test('flipping goes to the next camera where there is no front and back', async () => {
  const { media } = setUp();
  await media.start();
  await media.flipCamera();
  expect(media.camera.deviceId).toBe('cam2');
  await media.flipCamera();
  expect(media.camera.deviceId).toBe('cam1');
});

test('flipping a phone looks the other way', async () => {
  const { media, browser } = setUp();
  browser.facing = true;
  await media.start();
  await media.flipCamera();
  expect(media.facingMode).toBe('environment');
  expect(media.camera).toMatchObject({ live: true, deviceId: 'cam2' });
});

test('a device that is unplugged gives way to another one', async () => {
  const { media, browser } = setUp();
  await media.start();
  const [track] = media.stream.getAudioTracks();
  browser.plugged = browser.plugged.filter((id) => id !== 'mic1');
  (track as unknown as FakeTrack).unplug();
  await media.start();
  expect(media.microphone).toMatchObject({ live: true, deviceId: 'mic2' });
});

test('a device that was missing is opened when it is plugged in', async () => {
  const { media, browser } = setUp();
  browser.plugged = ['mic1'];
  browser.failures.camera = error('NotFoundError');
  await media.start();
  browser.plugged = ['mic1', 'cam1'];
  browser.failures = {};
  browser.deviceChange();
  await media.start();
  expect(media.camera).toMatchObject({ live: true, problem: null });
});

test('a microphone the system takes away is a problem until it is given back', async () => {
  const { media } = setUp();
  await media.start();
  const track = media.stream.getAudioTracks()[0] as unknown as FakeTrack;
  track.onmute?.();
  expect(media.microphone).toMatchObject({ live: false, problem: { reason: 'interrupted' } });
  track.onunmute?.();
  expect(media.microphone).toMatchObject({ live: true, problem: null });
});

test('changes are made one after the other in the order they were asked for', async () => {
  const { media } = setUp();
  await Promise.all([
    media.start(),
    media.setCameraEnabled(false),
    media.setCameraEnabled(true),
    media.setCameraEnabled(false),
  ]);
  expect(media.stream.getVideoTracks()).toHaveLength(0);
  expect(media.camera.enabled).toBe(false);
  expect(media.starting).toBe(false);
});

test('closing lets go of every device', async () => {
  const { media, browser } = setUp();
  await media.start();
  const tracks = media.stream.getTracks();
  media.close();
  await media.setMicrophoneEnabled(false);
  expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  expect(browser.listeners.size).toBe(0);
});

function setUp(options: MediaOptions = {}) {
  const browser = new FakeBrowser();
  const sent: Record<MediaKind, MediaStreamTrack | null> = { microphone: null, camera: null };
  const media = new DeviceMedia(options, browser, {
    onChange: () => undefined,
    onTrack: (kind, track) => {
      sent[kind] = track;
    },
  });
  return { media, browser, sent };
}

function error(name: string): Error {
  return Object.assign(new Error(name), { name });
}

class FakeBrowser implements MediaEnvironment {
  readonly asked: string[] = [];
  readonly listeners = new Set<() => void>();
  failures: Partial<Record<MediaKind, Error>> = {};
  permissions: Partial<Record<MediaKind, PermissionState>> = {};
  plugged = ['mic1', 'mic2', 'cam1', 'cam2'];
  oneCamera = false;
  facing = false;
  #open: FakeTrack[] = [];

  async getUserMedia({ audio, video }: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push([audio && 'audio', video && 'video'].filter(Boolean).join('+'));
    const stream = new FakeStream();
    for (const [kind, constraints, prefix] of [
      ['microphone', audio, 'mic'],
      ['camera', video, 'cam'],
    ] as const) {
      if (!constraints) continue;
      const failure = this.failures[kind];
      if (failure) throw failure;
      const busy = this.#open.some((track) => track.kind === 'video' && track.readyState === 'live');
      if (kind === 'camera' && this.oneCamera && busy) throw error('NotReadableError');
      const wanted = this.#wanted(constraints as MediaTrackConstraints);
      const deviceId =
        this.plugged.find((id) => id === wanted) ?? this.plugged.find((id) => id.startsWith(prefix));
      if (!deviceId) throw error('NotFoundError');
      const facing =
        this.facing && kind === 'camera' ? (deviceId === 'cam1' ? 'user' : 'environment') : undefined;
      stream.addTrack(new FakeTrack(kind === 'camera' ? 'video' : 'audio', deviceId, facing));
    }
    this.#open.push(...stream.tracks);
    return stream as unknown as MediaStream;
  }

  #wanted({ deviceId, facingMode }: MediaTrackConstraints): unknown {
    if (facingMode && this.facing)
      return (facingMode as ConstrainDOMStringParameters).exact === 'environment' ? 'cam2' : 'cam1';
    const id = deviceId as ConstrainDOMStringParameters | undefined;
    return id?.exact ?? id?.ideal;
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.plugged.map(
      (deviceId) =>
        ({ deviceId, kind: deviceId.startsWith('mic') ? 'audioinput' : 'videoinput' }) as MediaDeviceInfo,
    );
  }

  async context(kind: MediaKind): Promise<MediaContext> {
    return {
      secure: true,
      supported: true,
      permission: this.permissions[kind] ?? null,
      allowedByFrame: null,
    };
  }

  newStream(): MediaStream {
    return new FakeStream() as unknown as MediaStream;
  }

  onDeviceChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  deviceChange(): void {
    for (const listener of this.listeners) listener();
  }
}

class FakeStream {
  tracks: FakeTrack[] = [];

  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    this.tracks = this.tracks.filter((other) => other !== track);
  }

  getTracks(): FakeTrack[] {
    return this.tracks;
  }

  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }
}

class FakeTrack {
  readonly kind: 'audio' | 'video';
  readonly #deviceId: string;
  readonly #facingMode: string | undefined;
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;

  constructor(kind: 'audio' | 'video', deviceId: string, facingMode: string | undefined) {
    this.kind = kind;
    this.#deviceId = deviceId;
    this.#facingMode = facingMode;
  }

  getSettings(): MediaTrackSettings {
    return {
      deviceId: this.#deviceId,
      ...(this.#facingMode === undefined ? {} : { facingMode: this.#facingMode }),
    };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  unplug(): void {
    this.readyState = 'ended';
    this.onended?.();
  }
}
