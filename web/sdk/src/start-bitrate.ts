/**
 * A browser finds out how much a path carries when a connection is new, by sending more than it needs. A connection that came up in the
 * lobby had nothing to send, and one that goes on over a new path is back at the beginning: 300 kbit/s and less, at which one whole picture
 * takes a second. In kbit/s.
 */
const startBitrate = 'x-google-start-bitrate=800';

/** What they take (their description) with the rate at which Chromium and Safari begin; others pass over it. */
export function withStartBitrate(sdp: string): string {
  const formats = [...sdp.matchAll(/^a=rtpmap:(\d+) (?:VP8|VP9|AV1|H264)\/90000\r$/gm)].map(
    ([, format = '']) => format,
  );
  return formats.reduce((text, format) => {
    const known = new RegExp(`^a=fmtp:${format} .*(?=\r$)`, 'm');
    return known.test(text)
      ? text.replace(known, `$&;${startBitrate}`)
      : text.replace(
          new RegExp(`^a=rtpmap:${format} .*(?=\r$)`, 'm'),
          `$&\r\na=fmtp:${format} ${startBitrate}`,
        );
  }, sdp);
}
