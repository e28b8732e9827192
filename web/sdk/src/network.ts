/** What looks at the network and follows it, in a chunk of its own. */
export { Adapter } from './adaptation/adapter.ts';
export { preferCodecs } from './adaptation/codecs.ts';
export { keepPulse } from './pulse.ts';
export { whenDue } from './relays-last.ts';
export { withStartBitrate } from './start-bitrate.ts';
export { pathOf, readStats } from './stats-reading.ts';
