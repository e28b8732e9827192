import { browserMedia } from './browser-media.ts';
import { type CallEnvironment, type CallOptions, CallOver } from './call.ts';
import { BrowserPeer } from './peer.ts';
import { SocketSignaling } from './signaling.ts';

/** A call for two in a browser. Made in the lobby; one object per visit of a room. */
export class Call extends CallOver {
  constructor(options: CallOptions) {
    super(options, browserEnvironment());
  }
}

function browserEnvironment(): CallEnvironment {
  return {
    media: browserMedia(),
    openSignaling: (options) => new SocketSignaling(options),
    openPeer: (configuration) => new BrowserPeer(configuration),
    newId: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => (byte % 36).toString(36)).join(''),
    onPage: (listener) => {
      const hide = () => listener('hidden');
      const show = (event: PageTransitionEvent) => event.persisted && listener('restored');
      addEventListener('pagehide', hide);
      addEventListener('pageshow', show);
      return () => {
        removeEventListener('pagehide', hide);
        removeEventListener('pageshow', show);
      };
    },
  };
}
