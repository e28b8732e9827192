import type { AnyCall } from './any-call.ts';
import { choosePlace } from './choose-place.ts';

/** Both sides in one file, made and kept on this device. Loaded when somebody records. */
export interface Recording {
  /** Wall clock, ms. */
  readonly since: number;
  /** Ends it; the file is written or offered for download then. */
  stop(): Promise<void>;
}

const size = { width: 1280, height: 720 };
const framesPerSecond = 20;
const types = ['video/mp4;codecs=avc1.42E01F,mp4a.40.2', 'video/webm;codecs=vp9,opus', 'video/webm'];

interface Sink {
  write(chunk: Blob): Promise<void>;
  close(): Promise<void>;
}

/** Asks where to put the file (where the browser can write while recording), then begins. Null: the person closed the question. */
export async function record(call: AnyCall, fileName: string): Promise<Recording | null> {
  const type = types.find((candidate) => MediaRecorder.isTypeSupported(candidate)) ?? '';
  const extension = type.startsWith('video/mp4') ? 'mp4' : 'webm';
  const sink = await openSink(`${fileName}.${extension}`, type);
  if (!sink) return null;

  const picture = compose(call);
  const sound = mix(call);
  const recorder = new MediaRecorder(
    new MediaStream([...picture.stream.getVideoTracks(), ...sound.stream.getAudioTracks()]),
    {
      ...(type && { mimeType: type }),
      videoBitsPerSecond: 2_500_000,
    },
  );
  let written = Promise.resolve();
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) written = written.then(() => sink.write(data));
  };
  recorder.start(2000);
  return {
    since: Date.now(),
    stop: async () => {
      if (recorder.state !== 'inactive') {
        const ended = new Promise((done) => recorder.addEventListener('stop', done, { once: true }));
        recorder.stop();
        await ended;
      }
      picture.stop();
      sound.stop();
      await written;
      await sink.close();
    },
  };
}

/** To disk while it is recorded, where the browser can; else in memory, and as a download at the end. */
async function openSink(name: string, type: string): Promise<Sink | null> {
  const place = await choosePlace(name);
  if (place === null) return null;
  // Refused: the download does not need it.
  const file = await place?.createWritable().catch(() => undefined);
  if (file) return { write: (chunk) => file.write(chunk), close: () => file.close() };
  const chunks: Blob[] = [];
  return {
    write: async (chunk) => void chunks.push(chunk),
    close: async () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(chunks, { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    },
  };
}

/** Their picture (or screen) with ours in the corner, as the stage shows them. */
function compose(call: AnyCall): { readonly stream: MediaStream; readonly stop: () => void } {
  const canvas = Object.assign(document.createElement('canvas'), size);
  const pen = canvas.getContext('2d');
  const [them, screen, me] = [player(), player(), player()];
  const draw = () => {
    if (!pen) return;
    const { remote, local } = call;
    show(them, remote.stream);
    show(screen, call.screen.stream ?? remote.screen);
    show(me, local.camera.live ? local.stream : null);
    const sharing = screen.srcObject !== null;
    pen.fillStyle = '#171216';
    pen.fillRect(0, 0, size.width, size.height);
    if (sharing) paint(pen, screen, 0, 0, size.width, size.height);
    if (remote.video) {
      if (sharing) paint(pen, them, 24, 24, 240, 180);
      else paint(pen, them, 0, 0, size.width, size.height);
    }
    if (local.camera.live) paint(pen, me, size.width - 264, size.height - 204, 240, 180);
  };
  const timer = setInterval(draw, 1000 / framesPerSecond);
  draw();
  return {
    stream: canvas.captureStream(framesPerSecond),
    stop: () => {
      clearInterval(timer);
      for (const video of [them, screen, me]) video.srcObject = null;
    },
  };
}

function player(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

function show(video: HTMLVideoElement, stream: MediaStream | null) {
  if (video.srcObject === stream) return;
  video.srcObject = stream;
  if (stream) video.play().catch(() => {});
}

/** Whole and undistorted within the given place. */
function paint(
  pen: CanvasRenderingContext2D,
  video: HTMLVideoElement,
  x: number,
  y: number,
  w: number,
  h: number,
) {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return;
  const scale = Math.min(w / videoWidth, h / videoHeight);
  const [width, height] = [videoWidth * scale, videoHeight * scale];
  pen.drawImage(video, x + (w - width) / 2, y + (h - height) / 2, width, height);
}

/** All voices and the screens' sound in one track, following tracks as they come and go. */
function mix(call: AnyCall): { readonly stream: MediaStream; readonly stop: () => void } {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const heard = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  const follow = () => {
    const streams = [call.remote.stream, call.remote.screen, call.local.stream, call.screen.stream];
    const tracks = new Set(streams.flatMap((stream) => stream?.getAudioTracks() ?? []));
    for (const [track, source] of heard) {
      if (tracks.has(track)) continue;
      source.disconnect();
      heard.delete(track);
    }
    for (const track of tracks) {
      if (heard.has(track)) continue;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(out);
      heard.set(track, source);
    }
  };
  follow();
  const ends = (['remotemedia', 'localmedia', 'screen'] as const).map((name) => call.on(name, follow));
  return {
    stream: out.stream,
    stop: () => {
      for (const end of ends) end();
      void context.close();
    },
  };
}
