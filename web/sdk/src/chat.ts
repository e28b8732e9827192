import { parseJson } from './json.ts';
import type { ChatMessage } from './state.ts';

/**
 * The chat as a pure state machine: numbered messages that stay in the outbox until the other side confirms them and go
 * out again whenever a channel opens, so that each arrives exactly once and in order, over any number of connections.
 */
export interface Chat {
  /** Random: our messages' sender, over all connections of this page. */
  readonly origin: string;
  readonly messages: readonly ChatMessage[];
  /** What has no receipt yet: ours, and before it what a page before a reload of this one left behind. */
  readonly outbox: readonly Outgoing[];
  readonly written: number;
  /** The last number had from each origin; a reloaded page is a new one. */
  readonly received: Readonly<Record<string, number>>;
  /** How many messages of the other side were none. */
  readonly dropped: number;
}

export interface Outgoing {
  readonly origin: string;
  readonly number: number;
  readonly text: string;
}

/** What outlives the page. */
export type KeptChat = Pick<Chat, 'messages' | 'outbox' | 'received'>;

export type ChatEvent =
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'opened' }
  | { readonly type: 'received'; readonly data: string };

/** On the channel: "I am writing." Said every few seconds while it is so. */
export const typingData = '{"type":"typing"}';

/** In characters. Far below what a data channel message may hold in any browser. */
export const maxChatLength = 10_000;

/** What one side remembers of the other, whatever that one says. */
const maxMessages = 2_000;
const maxOrigins = 50;

/** With a new origin on every page: two pages that were one (a duplicated tab) never use the same number twice. */
export function newChat(origin: string, kept?: KeptChat | null): Chat {
  return { messages: [], outbox: [], received: {}, ...kept, origin, written: 0, dropped: 0 };
}

/** The second value is what to put on the channel, in order, if it is open. */
export function chat(state: Chat, event: ChatEvent, now: number): readonly [Chat, readonly string[]] {
  switch (event.type) {
    case 'write': {
      const number = state.written + 1;
      const outgoing: Outgoing = { origin: state.origin, number, text: event.text };
      const message: ChatMessage = {
        id: messageId(state.origin, number),
        from: 'me',
        text: event.text,
        at: now,
        delivered: false,
      };
      return [
        {
          ...state,
          written: number,
          messages: [...state.messages, message],
          outbox: [...state.outbox, outgoing],
        },
        [text(outgoing)],
      ];
    }
    case 'opened':
      return [state, state.outbox.map(text)];
    case 'received':
      return received(state, parse(event.data), now);
    default:
      return event satisfies never;
  }
}

type Wire = { readonly got: number; readonly origin: string } | { readonly message: Outgoing };

function received(state: Chat, wire: Wire | null, now: number): readonly [Chat, readonly string[]] {
  if (!wire) return [{ ...state, dropped: state.dropped + 1 }, []];
  if ('got' in wire) {
    const isConfirmed = ({ origin, number }: Outgoing) => origin === wire.origin && number <= wire.got;
    const ids = new Set(
      state.outbox.filter(isConfirmed).map(({ origin, number }) => messageId(origin, number)),
    );
    if (ids.size === 0) return [state, []];
    return [
      {
        ...state,
        outbox: state.outbox.filter((outgoing) => !isConfirmed(outgoing)),
        messages: state.messages.map((message) =>
          ids.has(message.id) ? { ...message, delivered: true } : message,
        ),
      },
      [],
    ];
  }
  const { message } = wire;
  const { origin } = message;
  const last = state.received[origin] ?? 0;
  const receipt = (got: number) => JSON.stringify({ type: 'got', origin, number: got });
  if (message.number <= last) return [state, [receipt(last)]];
  const came: ChatMessage = {
    id: messageId(origin, message.number),
    from: 'peer',
    text: message.text,
    at: now,
    delivered: true,
  };
  const heard = { ...state.received, [origin]: message.number };
  return [
    {
      ...state,
      received: last > 0 ? heard : Object.fromEntries(Object.entries(heard).slice(-maxOrigins)),
      messages: [...state.messages, came].slice(-maxMessages),
    },
    [receipt(message.number)],
  ];
}

function text({ origin, number, text }: Outgoing): string {
  return JSON.stringify({ type: 'text', origin, number, text });
}

function parse(data: string): Wire | null {
  const value = parseJson(data);
  if (typeof value !== 'object' || value === null) return null;
  const { type, origin, number, text } = value as Record<string, unknown>;
  if (
    typeof origin !== 'string' ||
    origin.length > 64 ||
    typeof number !== 'number' ||
    !Number.isSafeInteger(number)
  )
    return null;
  if (type === 'got') return { got: number, origin };
  if (type !== 'text' || typeof text !== 'string' || text.length > maxChatLength) return null;
  return { message: { origin, number, text } };
}

/** How many messages outlive the page: in the worst case two fifths of what browsers give a tab. */
const maxKept = 200;

/** For {@link keptChat}, perhaps on the next page. */
export function storedChat({ messages, outbox, received }: Chat): string {
  return JSON.stringify({ messages: messages.slice(-maxKept), outbox, received });
}

/** Null where nothing was stored, or something else was. */
export function keptChat(stored: string | null): KeptChat | null {
  const kept = parseJson(stored) as KeptChat | null;
  return kept?.messages && kept.outbox && kept.received ? kept : null;
}

function messageId(origin: string, number: number): string {
  return `${origin}.${number}`;
}
