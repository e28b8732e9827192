import { expect, test } from 'vitest';
import { withStartBitrate } from './start-bitrate.ts';

test('every codec for pictures begins faster, with or without parameters of its own; nothing else changes', () => {
  const sdp = [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
    'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:98 VP9/90000',
    'a=fmtp:98 profile-id=0',
    '',
  ];
  expect(withStartBitrate(sdp.join('\r\n')).split('\r\n')).toEqual([
    ...sdp.slice(0, 5),
    'a=fmtp:96 x-google-start-bitrate=800',
    ...sdp.slice(5, 9),
    'a=fmtp:98 profile-id=0;x-google-start-bitrate=800',
    '',
  ]);
});

test('another generation has another rate, or the browser would pass over it, and the same one the same', () => {
  const rateOf = (ufrag: string) =>
    Number(/bitrate=(\d+)/.exec(withStartBitrate(`a=ice-ufrag:${ufrag}\r\na=rtpmap:96 VP8/90000\r\n`))?.[1]);
  expect(rateOf('wR7q')).toBe(rateOf('wR7q'));
  expect(new Set(['wR7q', 'q7Rw', 'LuZr', 'xIGn'].map(rateOf)).size).toBe(4);
  expect(rateOf('wR7q')).toBeGreaterThanOrEqual(800);
  expect(rateOf('wR7q')).toBeLessThan(900);
});
