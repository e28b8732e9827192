import { openChannel, question } from './tab-channel.ts';
import { keyOf } from './tab-key.ts';

export { answerOtherTabs } from './tab-channel.ts';

/** A tab of this browser that is in the room already. */
export interface OtherTab {
  /** Takes its seat: the next call made here for this room joins in its place, and that tab hears that it was replaced. */
  take(): void;
}

/** A page in the background may take a while to answer. */
const withinMs = 1_000;

/** Asks the other tabs of this browser for one that is in the room. Null if none answers. */
export function findOtherTab(room: string): Promise<OtherTab | null> {
  const channel = openChannel(room);
  if (!channel) return Promise.resolve(null);
  return new Promise((resolve) => {
    const found = (tab: OtherTab | null) => {
      channel.close();
      resolve(tab);
    };
    setTimeout(() => found(null), withinMs);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'string' || data === question) return;
      found({ take: () => sessionStorage.setItem(keyOf(room), data) });
    });
    channel.postMessage(question);
  });
}
