/**
 * A browser finds out how much a path carries when a connection is new, by sending more than it needs. A connection that came up in the
 * lobby had nothing to send, one that goes on over a new path is back at the beginning, and one that lost much at once (a cut) is at its floor:
 * there a whole picture takes a second. In kbit/s.
 */
const startBitrate = 800;

/** What they take (their description) with the rate at which Chromium and Safari begin; others pass over it. */
export function withStartBitrate(sdp: string): string {
  // The same rate again is passed over; that of another generation (a restart of ICE) is to count, so it is another by a little.
  const [, generation = ''] = /^a=ice-ufrag:(\S+)/m.exec(sdp) ?? [];
  const little = [...generation].reduce((sum, character) => (31 * sum + character.charCodeAt(0)) % 97, 0);
  const rate = `x-google-start-bitrate=${startBitrate + little}`;
  const formats = [...sdp.matchAll(/^a=rtpmap:(\d+) (?:VP8|VP9|AV1|H264)\/90000\r$/gm)].map(
    ([, format = '']) => format,
  );
  return formats.reduce((text, format) => {
    const known = new RegExp(`^a=fmtp:${format} .*(?=\r$)`, 'm');
    return known.test(text)
      ? text.replace(known, `$&;${rate}`)
      : text.replace(new RegExp(`^a=rtpmap:${format} .*(?=\r$)`, 'm'), `$&\r\na=fmtp:${format} ${rate}`);
  }, sdp);
}
