import { browserMedia, browserScreen } from './browser-media.ts';
import { CallOver } from './call.ts';
import type { CallEnvironment, CallOptions, PageChange } from './call-options.ts';
import { isFirefox } from './firefox.ts';
import { BrowserPeer } from './peer.ts';
import { SocketSignaling } from './signaling.ts';
import { SessionTabMemory } from './tab-memory.ts';

/** A call for two in a browser. Made in the lobby; one object per visit of a room. */
export class Call extends CallOver {
  constructor(options: CallOptions) {
    // Firefox, when it had made the first offer without tracks, was seen to send nothing once it had some.
    super({ warmUp: !isFirefox, ...options }, browserEnvironment());
  }
}

function browserEnvironment(): CallEnvironment {
  // Needed with the first offer: fetched while people are in the lobby.
  const network = import('./network.ts').catch(() => null);
  return {
    media: browserMedia(),
    screen: browserScreen(),
    openSignaling: (options) => new SocketSignaling(options),
    openPeer: (configuration) => new BrowserPeer(configuration, network),
    forecast: async (...question) => (await import('./forecast.ts')).forecast(...question),
    memory: (room) => new SessionTabMemory(room, newId),
    newId,
    onPage: watchPage,
    openIdentity: async (options) => (await import('./identity/identity.ts')).openIdentity(options),
  };
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => (byte % 36).toString(36)).join('');
}

/** Longer than this in the background, and connections may have died unnoticed. */
const longAwayMs = 10_000;

function watchPage(listener: (change: PageChange) => void): () => void {
  let hiddenAt = performance.now();
  const ended = new AbortController();
  const { signal } = ended;
  addEventListener('pagehide', () => listener('gone'), { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && listener('restored'), { signal });
  addEventListener('online', () => listener('network-changed'), { signal });
  // Chromium tells of a change from one network to another, too.
  const { connection } = navigator as { connection?: EventTarget };
  connection?.addEventListener('change', () => listener('network-changed'), { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') hiddenAt = performance.now();
      else if (performance.now() - hiddenAt > longAwayMs) listener('resumed');
    },
    { signal },
  );
  return () => ended.abort();
}
