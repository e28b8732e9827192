import { keyOf } from './tab-key.ts';

// How tabs of one browser that have the same room talk to each other: one asks, one that is in the room answers with its memory.

export const question = 'who is here?';

export const openChannel = (room: string): BroadcastChannel | null =>
  'BroadcastChannel' in globalThis ? new BroadcastChannel(keyOf(room)) : null;

/** Answers with what this tab remembers; the result ends it. */
export function answerOtherTabs(room: string, remembered: () => string | null): () => void {
  const channel = openChannel(room);
  channel?.addEventListener('message', ({ data }) => {
    const answer = data === question ? remembered() : null;
    if (answer) channel.postMessage(answer);
  });
  return () => channel?.close();
}
