import { expect, test } from 'vitest';
import { fingerprintIn, pairOf } from './fingerprint.ts';

const spelled = (byte: string, algorithm = 'sha-256', bytes = 32) =>
  `a=fingerprint:${algorithm} ${Array(bytes).fill(byte).join(':')}\r\n`;

test('a fingerprint is read however often and in whatever case it is said', () => {
  const sdp = `v=0\r\n${spelled('AB')}m=audio\r\n${spelled('ab', 'SHA-256')}`;
  expect(fingerprintIn(sdp)).toBe('ab'.repeat(32));
});

test.each([
  ['none', 'v=0\r\n'],
  ['two of them, one of which might be a lie', spelled('AB') + spelled('AC')],
  ['one by another hash beside', spelled('AB') + spelled('AB', 'sha-512', 64)],
  ['a weak hash', spelled('AB', 'sha-1', 20)],
  ['too short', spelled('AB', 'sha-256', 31)],
  ['too long', spelled('AB', 'sha-256', 33)],
  ['something behind it', `${spelled('AB').trim()} x\r\n`],
])('no certificate is told by %s', (_, sdp) => expect(fingerprintIn(sdp)).toBeNull());

test('a certificate that was shown must be the one that was announced', async () => {
  const certificate = new TextEncoder().encode('certificate');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
  const said = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(':');
  const pair = { localSdp: spelled('AB'), remoteSdp: `a=fingerprint:sha-256 ${said}\r\n` };
  const shown = certificate.buffer;
  expect(await pairOf({ ...pair, remoteCertificate: shown })).toEqual({
    own: 'ab'.repeat(32),
    peer: said.replaceAll(':', ''),
  });
  expect(await pairOf({ ...pair, remoteCertificate: null })).not.toBeNull();
  expect(await pairOf({ ...pair, remoteSdp: spelled('AC'), remoteCertificate: shown })).toBeNull();
});
