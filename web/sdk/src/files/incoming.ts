import { chunksOf, type Description, type EndReason, type Frame, lengthOf } from './frames.ts';
import type { Outcome } from './outgoing.ts';

/**
 * A file that is offered to us, as a pure state machine. Chunks come in order; each is checked and stored, and what is
 * stored is told, with leave to send a window more: the sender can never have more on the way than that.
 */
export interface Incoming {
  readonly id: string;
  readonly file: Description;
  /** `offered`: they wait for our word on this channel. */
  readonly link: 'none' | 'offered' | 'moving';
  readonly accepted: boolean;
  readonly storage: 'none' | 'opening' | 'open' | 'finishing' | 'finished';
  /** The next chunk to come in; what is below `stored` is checked and stored. */
  readonly next: number;
  readonly stored: number;
  readonly limit: number;
  /** The sender was last told of this many. */
  readonly told: number;
  readonly toldAt: number;
  readonly heldByMe: boolean;
  readonly heldByPeer: boolean;
  readonly outcome: Outcome | null;
}

export type IncomingEvent =
  | { readonly type: 'offered' }
  | { readonly type: 'closed' }
  | { readonly type: 'accept' }
  | { readonly type: 'storage-open'; readonly next: number }
  /** There is a free place among the files on their way. */
  | { readonly type: 'turn' }
  | { readonly type: 'chunk'; readonly index: number; readonly length: number }
  | { readonly type: 'stored'; readonly next: number }
  | { readonly type: 'finished' }
  | { readonly type: 'peer-hold'; readonly held: boolean }
  | { readonly type: 'peer-end'; readonly reason: EndReason }
  | { readonly type: 'hold'; readonly held: boolean }
  | { readonly type: 'end'; readonly reason: EndReason };

type Plain = Exclude<Frame, { type: 'chunk' | 'accept' | 'complete' }>;

export type IncomingEffect =
  | { readonly type: 'send'; readonly frame: Plain }
  /** With the chain as far as it is stored. */
  | { readonly type: 'send-accept'; readonly next: number; readonly limit: number }
  | { readonly type: 'send-complete' }
  | { readonly type: 'open-storage' }
  | { readonly type: 'store' }
  | { readonly type: 'finish' }
  | { readonly type: 'discard' };

/** How much may be on the way to us per file, in bytes: 80 MB/s at 100 ms. */
export const windowBytes = 8 * 1024 * 1024;
const tellEveryMs = 50;
const tellEvery = 1 / 8;

export function newIncoming(id: string, file: Description): Incoming {
  return {
    id,
    file,
    link: 'none',
    accepted: false,
    storage: 'none',
    next: 0,
    stored: 0,
    limit: 0,
    told: 0,
    toldAt: 0,
    heldByMe: false,
    heldByPeer: false,
    outcome: null,
  };
}

/** Whether it could start or go on, given a place among those on their way. */
export function wantsTurn({ link, storage, next, stored, outcome }: Incoming): boolean {
  // What came over the channel before must be stored first, or it would come twice.
  return link === 'offered' && storage === 'open' && next === stored && !outcome;
}

/** Whether it takes one of the places. */
export function takesTurn({ link, heldByMe, heldByPeer, outcome }: Incoming): boolean {
  return link === 'moving' && !heldByMe && !heldByPeer && !outcome;
}

type Turn = readonly [Incoming, readonly IncomingEffect[]];

export function incoming(state: Incoming, event: IncomingEvent, now: number): Turn {
  if (state.outcome) return ended(state, state.outcome, event);
  const { id, file } = state;
  switch (event.type) {
    case 'offered':
      // Once a channel; the same offer twice means nothing new.
      return [state.link === 'none' ? { ...state, link: 'offered', heldByPeer: false } : state, []];
    case 'closed':
      return [{ ...state, link: 'none', heldByPeer: false }, []];
    case 'accept':
      return state.accepted
        ? [state, []]
        : [{ ...state, accepted: true, storage: 'opening' }, [{ type: 'open-storage' }]];
    case 'storage-open': {
      const { next } = event;
      return [{ ...state, storage: 'open', next, stored: next }, []];
    }
    case 'turn': {
      if (!wantsTurn(state)) return [state, []];
      const { stored } = state;
      const limit = stored + windowOf(file);
      const accept: IncomingEffect = { type: 'send-accept', next: stored, limit };
      const hold: IncomingEffect = { type: 'send', frame: { type: 'hold', id, held: true } };
      const moving: Incoming = { ...state, link: 'moving', limit, told: stored, toldAt: now };
      const [after, more] = stored === chunksOf(file) ? finish(moving) : [moving, []];
      return [after, [accept, ...(state.heldByMe ? [hold] : []), ...more]];
    }
    case 'chunk': {
      const { index, length } = event;
      // Not on this channel, or not before our word: nothing that was asked for.
      if (state.link !== 'moving' || index !== state.next || index >= state.limit)
        return end(state, 'breach');
      if (index >= chunksOf(file) || length !== lengthOf(file, index)) return end(state, 'breach');
      return [{ ...state, next: index + 1 }, [{ type: 'store' }]];
    }
    case 'stored': {
      const stored = { ...state, stored: event.next };
      if (stored.stored === chunksOf(file)) return finish(stored);
      if (state.link !== 'moving') return [stored, []];
      const step = stored.stored - state.told;
      // Once all that came is stored it is told at once: a sender that keeps little under way waits for it.
      if (step < windowOf(file) * tellEvery && now - state.toldAt < tellEveryMs && stored.stored < state.next)
        return [stored, []];
      const limit = stored.stored + windowOf(file);
      const progress = { type: 'progress', id, next: stored.stored, limit } as const;
      return [{ ...stored, limit, told: stored.stored, toldAt: now }, [{ type: 'send', frame: progress }]];
    }
    case 'finished': {
      const done: Incoming = { ...state, storage: 'finished', outcome: { kind: 'done' } };
      return [done, state.link === 'offered' ? itIsHere(state) : [{ type: 'send-complete' }]];
    }
    case 'peer-hold':
      return [{ ...state, heldByPeer: event.held }, []];
    case 'peer-end':
      return [
        { ...state, outcome: { kind: 'ended', reason: event.reason, byMe: false } },
        [{ type: 'discard' }],
      ];
    case 'hold':
      return event.held === state.heldByMe
        ? [state, []]
        : [
            { ...state, heldByMe: event.held },
            [{ type: 'send', frame: { type: 'hold', id, held: event.held } }],
          ];
    case 'end':
      return end(state, event.reason);
    default:
      return event satisfies never;
  }
}

/** The sender may not have heard of the end when the channel broke: it offers again, and is told again. */
function ended(state: Incoming, outcome: Outcome, event: IncomingEvent): Turn {
  if (event.type === 'closed') return [{ ...state, link: 'none' }, []];
  if (event.type !== 'offered' || state.link !== 'none') return [state, []];
  const again: Incoming = { ...state, link: 'offered' };
  if (outcome.kind === 'done') return [again, itIsHere(state)];
  return [again, [{ type: 'send', frame: { type: 'end', id: state.id, reason: outcome.reason } }]];
}

/** For a sender that does not know, and may even have to read its file again to know. */
function itIsHere({ file }: Incoming): readonly IncomingEffect[] {
  const next = chunksOf(file);
  return [{ type: 'send-accept', next, limit: next }, { type: 'send-complete' }];
}

function finish(state: Incoming): Turn {
  return [{ ...state, storage: 'finishing' }, [{ type: 'finish' }]];
}

function end(state: Incoming, reason: EndReason): Turn {
  return [
    { ...state, outcome: { kind: 'ended', reason, byMe: true } },
    [{ type: 'send', frame: { type: 'end', id: state.id, reason } }, { type: 'discard' }],
  ];
}

function windowOf({ chunkBytes }: Description): number {
  return Math.max(1, Math.floor(windowBytes / chunkBytes));
}
