/** What looks at the network and follows it, in a chunk of its own. */
export { preferCodecs } from './adaptation/codecs.ts';
export { follow } from './following.ts';
export { openPulse } from './pulse.ts';
export { whenDue } from './relays-last.ts';
export { withStartBitrate } from './start-bitrate.ts';
export { statsOf } from './stats-reading.ts';
