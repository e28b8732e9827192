import { expect, test } from 'vitest';
import { chosen } from './codecs.ts';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const phone =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';

const pictures = ['VP8', 'rtx', 'VP9', 'H264', 'AV1', 'red', 'ulpfec'];

test.each([
  [chrome, ['AV1', 'VP9', 'VP8', 'H264', 'rtx', 'red', 'ulpfec']],
  [phone, ['H264', 'VP8', 'VP9', 'rtx', 'AV1', 'red', 'ulpfec']],
  [firefox, ['VP9', 'VP8', 'H264', 'rtx', 'AV1', 'red', 'ulpfec']],
  [iPhone, ['H264', 'VP8', 'VP9', 'rtx', 'AV1', 'red', 'ulpfec']],
])('pictures: the best codec first, and none left out: %s', (userAgent, order) => {
  expect(names('video', pictures, userAgent)).toEqual(order);
});

test('of each codec only the variant that every browser has', () => {
  const lines = [
    ['VP8', undefined],
    ['VP9', 'profile-id=0'],
    ['VP9', 'profile-id=2'],
    ['H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f'],
    ['H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'],
    ['H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'],
    ['H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f'],
    ['AV1', 'level-idx=5;profile=0;tier=0'],
    ['AV1', 'level-idx=5;profile=1;tier=0'],
  ] as const;
  const offered = lines.map(([name, sdpFmtpLine]) => ({
    mimeType: `video/${name}`,
    ...(sdpFmtpLine && { sdpFmtpLine }),
  }));
  expect(chosen(offered, 'video', chrome)).toEqual([7, 1, 0, 5].map((index) => offered[index]));
});

test('sound: redundant first, plain behind it', () => {
  expect(names('audio', ['opus', 'red', 'G722', 'PCMU'], chrome)).toEqual(['red', 'opus', 'G722', 'PCMU']);
  expect(names('audio', ['opus', 'G722', 'PCMU'], firefox)).toEqual(['opus', 'G722', 'PCMU']);
});

function names(kind: string, codecs: readonly string[], userAgent: string): string[] {
  const usual = 'packetization-mode=1;profile-level-id=42e01f';
  const offered = codecs.map((name) => ({
    mimeType: `${kind}/${name}`,
    ...(name === 'H264' && { sdpFmtpLine: usual }),
  }));
  return chosen(offered, kind, userAgent).map(({ mimeType }) => mimeType.split('/')[1] ?? '');
}
