import { expect, test, vi } from 'vitest';
import { type ScreenEnvironment, ScreenShare, type ScreenSlot } from './screen.ts';

test('the picture and its sound are shared, and end with the browser’s own button', async () => {
  const { share, tracks, changes } = sharing({ getDisplayMedia: async () => stream('video', 'audio') });
  expect(await share.start()).toBe('shared');
  expect(share.view.sound).toBe(true);
  expect(kinds(tracks)).toEqual({ screen: 'video', screenAudio: 'audio' });

  tracks.get('screen')?.onended?.(new Event('ended'));
  expect(share.view.stream).toBeNull();
  expect(kinds(tracks)).toEqual({ screen: undefined, screenAudio: undefined });
  expect(changes()).toBe(2);
});

test('a screen whose sound cannot be had is shared without it', async () => {
  const getDisplayMedia = vi.fn(async ({ audio }: DisplayMediaStreamOptions) => {
    if (audio) throw new DOMException('', 'NotReadableError');
    return stream('video');
  });
  const { share, tracks } = sharing({ getDisplayMedia });
  expect(await share.start()).toBe('shared');
  expect(share.view.sound).toBe(false);
  expect(kinds(tracks)).toEqual({ screen: 'video', screenAudio: undefined });
});

test('sound that ends alone leaves the picture', async () => {
  const { share, tracks } = sharing({ getDisplayMedia: async () => stream('video', 'audio') });
  await share.start();
  tracks.get('screenAudio')?.onended?.(new Event('ended'));
  expect(share.view.stream).not.toBeNull();
  expect(kinds(tracks)).toEqual({ screen: 'video', screenAudio: undefined });
});

test('another screen takes the place of the first, whose tracks are stopped', async () => {
  const first = stream('video');
  const getDisplayMedia = vi.fn(async () => stream('video')).mockResolvedValueOnce(first);
  const { share } = sharing({ getDisplayMedia });
  await share.start();
  await share.start();
  expect(first.getTracks()[0]?.readyState).toBe('ended');
  expect(share.view.stream).not.toBe(first);
});

test('a refusal leaves what is shared alone', async () => {
  const getDisplayMedia = vi.fn(async () => stream('video'));
  const { share } = sharing({ getDisplayMedia });
  await share.start();
  getDisplayMedia.mockRejectedValueOnce(new DOMException('Permission denied', 'NotAllowedError'));
  expect(await share.start()).toBe('cancelled');
  expect(share.view.stream).not.toBeNull();
});

test.each([
  ['NotAllowedError', 'Permission denied', 'cancelled'],
  ['NotAllowedError', 'Permission denied by system', 'blocked'],
  ['NotAllowedError', 'Access to the feature is disallowed by permissions policy', 'blocked'],
  ['AbortError', '', 'cancelled'],
  ['NotFoundError', '', 'failed'],
  ['NotSupportedError', '', 'unsupported'],
])('%s (%s) is %s', async (name, message, outcome) => {
  const { share } = sharing({ getDisplayMedia: () => Promise.reject(new DOMException(message, name)) });
  expect(await share.start()).toBe(outcome);
});

test('where the browser cannot, it says so', async () => {
  expect(await sharing({ getDisplayMedia: undefined }).share.start()).toBe('unsupported');
});

function sharing(environment: ScreenEnvironment) {
  const tracks = new Map<ScreenSlot, MediaStreamTrack | null>();
  const onChange = vi.fn();
  const share = new ScreenShare(environment, { onChange, onTrack: (slot, track) => tracks.set(slot, track) });
  return { share, tracks, changes: () => onChange.mock.calls.length };
}

const kinds = (tracks: Map<ScreenSlot, MediaStreamTrack | null>) => ({
  screen: tracks.get('screen')?.kind,
  screenAudio: tracks.get('screenAudio')?.kind,
});

function stream(...tracks: readonly ('audio' | 'video')[]): MediaStream {
  const all = tracks.map((kind) => {
    const track = {
      kind,
      readyState: 'live',
      onended: null,
      stop: () => {
        track.readyState = 'ended';
      },
    };
    return track as unknown as MediaStreamTrack;
  });
  const of = (kind: string) => () => all.filter((track) => track.kind === kind);
  return {
    getTracks: () => all,
    getVideoTracks: of('video'),
    getAudioTracks: of('audio'),
  } as unknown as MediaStream;
}
