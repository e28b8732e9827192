import { type Machine, noMedia, type Session } from './call-machine.ts';
import type { RemoteTracks } from './peer.ts';
import type { RemoteParticipant } from './state.ts';

export const nobody: RemoteParticipant = {
  stage: null,
  name: null,
  stream: null,
  audio: false,
  video: false,
  screen: null,
  cameraPaused: false,
  screenPaused: false,
  recording: false,
  away: false,
};

/** The other person as the page is shown them; nothing of them before both have joined, but that they are there. */
export function remoteOf(
  session: Session | null,
  machine: Machine,
  tracks: RemoteTracks | null,
): RemoteParticipant {
  const open = session !== null && !session.warm;
  const talking = open && session.link.kind !== 'new';
  const stream = open && tracks ? tracks.stream : null;
  if (!machine.present && !stream) return nobody;
  // Our own kind says what it sends. Until then, and of a textbook client, we know what picture arrives and suppose sound:
  // a track is silent for many reasons besides a muted microphone.
  const media = session?.remoteMedia ?? { ...noMedia, audio: true, video: tracks?.video ?? false };
  return {
    stage: machine.present?.lobby && !talking ? 'lobby' : 'call',
    name: machine.present?.name ?? null,
    stream,
    audio: talking && media.audio,
    video: talking && media.video,
    screen: (talking && media.screen && tracks?.screen) || null,
    cameraPaused: talking && media.video && media.cameraPaused,
    screenPaused: talking && media.screenPaused,
    recording: talking && media.recording,
    away: machine.present?.away ?? false,
  };
}

export function sameFields<T extends object>(a: T, b: T): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof T>;
  return [...keys].every((key) => a[key] === b[key]);
}
