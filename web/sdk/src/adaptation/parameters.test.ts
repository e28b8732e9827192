import { expect, test } from 'vitest';
import { parametersFor } from './parameters.ts';

const camera = { settings: { width: 640, height: 480 }, contentHint: 'motion' };
const small = { maxBitrate: 250_000, maxLines: 240, maxFramerate: 15 };

test('what the browser gave comes back as it was, with the wish in its one encoding', () => {
  const given = parameters({ encodings: [{ active: true, rid: 'r' }] });
  const wanted = parametersFor(given, { picture: small, held: false, behind: false }, camera);
  expect(wanted).toEqual({
    ...given,
    encodings: [
      {
        rid: 'r',
        active: true,
        maxBitrate: 250_000,
        maxFramerate: 15,
        scaleResolutionDownBy: 2,
        priority: 'medium',
        networkPriority: 'medium',
      },
    ],
  });
});

test('a browser that has no encoding yet gets one', () => {
  for (const encodings of [[], undefined]) {
    const given = parameters({ encodings } as Partial<RTCRtpSendParameters>);
    expect(parametersFor(given, { picture: null, held: false, behind: true }, camera).encodings).toEqual([
      { active: false, priority: 'low', networkPriority: 'low' },
    ]);
  }
});

test('a picture that is held keeps its measures', () => {
  const [encoding] = parametersFor(
    parameters({}),
    { picture: small, held: true, behind: false },
    camera,
  ).encodings;
  expect(encoding).toMatchObject({ active: false, maxBitrate: 250_000, scaleResolutionDownBy: 2 });
});

test('for as long as a picture is paused its sender has another codec, so that it forgets what was lost', () => {
  const codec = (mimeType: string, sdpFmtpLine?: string) => ({
    mimeType: `video/${mimeType}`,
    payloadType: 96,
    clockRate: 90_000,
    ...(sdpFmtpLine && { sdpFmtpLine }),
  });
  const codecs = [
    codec('AV1'),
    codec('rtx', 'apt=96'),
    codec('AV1', 'profile=1'),
    codec('VP9', 'profile-id=0'),
  ];
  const wish = { held: false, behind: false };
  const paused = parametersFor(parameters({ codecs }), { picture: null, ...wish }, camera);
  expect(paused.encodings).toMatchObject([
    { active: false, codec: { mimeType: 'video/VP9', clockRate: 90_000, sdpFmtpLine: 'profile-id=0' } },
  ]);
  const shown = parametersFor({ ...paused, codecs }, { picture: small, ...wish }, camera);
  expect(shown.encodings).toMatchObject([{ active: true, codec: undefined }]);
  const alone = parametersFor(parameters({ codecs: codecs.slice(0, 3) }), { picture: null, ...wish }, camera);
  expect(alone.encodings).toMatchObject([{ active: false, codec: undefined }]);
});

test('the shorter side counts, a small camera is never blown up, and a screen never scaled down', () => {
  const scale = (width: number, height: number, contentHint = 'motion') =>
    parametersFor(
      parameters({}),
      { picture: small, held: false, behind: false },
      { settings: { width, height }, contentHint },
    ).encodings[0]?.scaleResolutionDownBy;
  expect(scale(480, 640)).toBe(2);
  expect(scale(320, 180)).toBe(1);
  expect(scale(1_920, 1_080, 'detail')).toBe(1);
});

test('thin sound takes the same, sent once or twice', () => {
  const bitrate = (mimeType: string, sound: 'full' | 'thin') =>
    parametersFor(
      parameters({ codecs: [{ mimeType, payloadType: 63, clockRate: 48_000 }] }),
      { sound },
      camera,
    ).encodings[0]?.maxBitrate;
  expect(bitrate('audio/red', 'thin')).toBe(12_000);
  expect(bitrate('audio/opus', 'thin')).toBe(24_000);
  expect(bitrate('audio/red', 'full')).toBe(32_000);
});

function parameters(change: Partial<RTCRtpSendParameters>): RTCRtpSendParameters {
  return {
    transactionId: 't',
    codecs: [],
    headerExtensions: [],
    rtcp: {},
    encodings: [{ active: true }],
    ...change,
  };
}
