import { chunksOf, type Description, type EndReason, type Frame } from './frames.ts';

/** A file we send, as a pure state machine. It offers itself on every new channel; `accept` says where to go on. */
export interface Outgoing {
  readonly id: string;
  readonly file: Description;
  readonly link: Link;
  readonly accepted: boolean;
  readonly next: number;
  readonly limit: number;
  readonly confirmed: number;
  readonly heldByMe: boolean;
  readonly heldByPeer: boolean;
  /** They said they have it all while we were still looking for the place to go on from. */
  readonly claimed: boolean;
  readonly outcome: Outcome | null;
}

export type Link = 'none' | 'offered' | 'seeking' | 'moving';
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly byMe: boolean };

export type OutgoingEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'accept'; readonly next: number; readonly limit: number; readonly chain: Uint8Array }
  /** Whether what they have is the beginning of our file. */
  | { readonly type: 'sought'; readonly next: number; readonly same: boolean }
  | { readonly type: 'sent' }
  | { readonly type: 'progress'; readonly next: number; readonly limit: number }
  | { readonly type: 'complete'; readonly same: boolean }
  | { readonly type: 'peer-hold'; readonly held: boolean }
  | { readonly type: 'peer-end'; readonly reason: EndReason }
  | { readonly type: 'hold'; readonly held: boolean }
  | { readonly type: 'end'; readonly reason: EndReason };

export type OutgoingEffect =
  | { readonly type: 'send'; readonly frame: Exclude<Frame, { type: 'chunk' }> }
  | { readonly type: 'seek'; readonly next: number; readonly chain: Uint8Array };

export function newOutgoing(id: string, file: Description): Outgoing {
  return {
    id,
    file,
    link: 'none',
    accepted: false,
    next: 0,
    limit: 0,
    confirmed: 0,
    heldByMe: false,
    heldByPeer: false,
    claimed: false,
    outcome: null,
  };
}

/** Whether a chunk may go out now. */
export function ready({ link, next, limit, file, heldByMe, heldByPeer, outcome }: Outgoing): boolean {
  return link === 'moving' && !outcome && !heldByMe && !heldByPeer && next < limit && next < chunksOf(file);
}

type Turn = readonly [Outgoing, readonly OutgoingEffect[]];

export function outgoing(state: Outgoing, event: OutgoingEvent): Turn {
  const { id, file } = state;
  if (state.outcome) return ended(state, state.outcome, event);
  switch (event.type) {
    case 'opened': {
      const offer = send({ type: 'offer', id, file });
      const hold = send({ type: 'hold', id, held: true });
      return [{ ...state, link: 'offered', claimed: false }, state.heldByMe ? [offer, hold] : [offer]];
    }
    case 'closed':
      return [{ ...state, link: 'none', heldByPeer: false }, []];
    case 'accept': {
      const { next, limit, chain } = event;
      if (state.link !== 'offered' || next > chunksOf(file) || limit < next) return breach(state);
      return [{ ...state, link: 'seeking', accepted: true, limit }, [{ type: 'seek', next, chain }]];
    }
    case 'sought': {
      if (state.link !== 'seeking') return [state, []];
      if (!event.same) return end(state, 'unreadable');
      const { next } = event;
      const outcome = state.claimed && next === chunksOf(file) ? ({ kind: 'done' } as const) : null;
      return [{ ...state, link: 'moving', next, confirmed: next, outcome }, []];
    }
    case 'sent':
      return [{ ...state, next: state.next + 1 }, []];
    case 'progress': {
      const { next, limit } = event;
      if (state.link !== 'moving' || next < state.confirmed || next > state.next || limit < state.limit)
        return breach(state);
      return [{ ...state, confirmed: next, limit }, []];
    }
    case 'complete': {
      if (state.link === 'seeking') return [{ ...state, claimed: true }, []];
      if (state.link === 'none' || state.next !== chunksOf(file)) return breach(state);
      if (!event.same) return end(state, 'corrupt');
      return [{ ...state, confirmed: state.next, outcome: { kind: 'done' } }, []];
    }
    case 'peer-hold':
      return [{ ...state, heldByPeer: event.held }, []];
    case 'peer-end':
      return [{ ...state, outcome: { kind: 'ended', reason: event.reason, byMe: false } }, []];
    case 'hold':
      return event.held === state.heldByMe
        ? [state, []]
        : [{ ...state, heldByMe: event.held }, [send({ type: 'hold', id, held: event.held })]];
    case 'end':
      return end(state, event.reason);
    default:
      return event satisfies never;
  }
}

/** What is done is offered again: a receiver that was reloaded may have it on its disk and not know it. */
function ended(state: Outgoing, outcome: Outcome, event: OutgoingEvent): Turn {
  const { id, file, link } = state;
  if (event.type === 'closed') return [{ ...state, link: 'none' }, []];
  if (outcome.kind !== 'done') return [state, []];
  if (event.type === 'opened') return [{ ...state, link: 'offered' }, [send({ type: 'offer', id, file })]];
  if (event.type !== 'accept' || link !== 'offered' || event.next >= chunksOf(file)) return [state, []];
  // It has it no more.
  return outgoing({ ...state, outcome: null, confirmed: 0 }, event);
}

function breach(state: Outgoing): Turn {
  return end(state, 'breach');
}

function end(state: Outgoing, reason: EndReason): Turn {
  return [
    { ...state, outcome: { kind: 'ended', reason, byMe: true } },
    [send({ type: 'end', id: state.id, reason })],
  ];
}

function send(frame: Exclude<Frame, { type: 'chunk' }>): OutgoingEffect {
  return { type: 'send', frame };
}
