import type { ChatMessage } from './state.ts';

/**
 * The chat as a pure state machine: numbered messages that stay in the outbox until the other side confirms them and go
 * out again whenever a channel opens, so that each arrives exactly once and in order, over any number of connections.
 */
export interface Chat {
  /** Random: our messages' sender, over all connections of this page. */
  readonly origin: string;
  readonly messages: readonly ChatMessage[];
  readonly outbox: readonly Outgoing[];
  readonly written: number;
  /** The last number had from each origin; a reloaded page is a new one. */
  readonly received: Readonly<Record<string, number>>;
}

export interface Outgoing {
  readonly number: number;
  readonly text: string;
}

export type ChatEvent =
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'opened' }
  | { readonly type: 'received'; readonly data: string };

/** In characters. Far below what a data channel message may hold in any browser. */
export const maxChatLength = 10_000;

export function newChat(origin: string): Chat {
  return { origin, messages: [], outbox: [], written: 0, received: {} };
}

/** The second value is what to put on the channel, in order, if it is open. */
export function chat(state: Chat, event: ChatEvent, now: number): readonly [Chat, readonly string[]] {
  switch (event.type) {
    case 'write': {
      const number = state.written + 1;
      const outgoing: Outgoing = { number, text: event.text };
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
        [text(state.origin, outgoing)],
      ];
    }
    case 'opened':
      return [state, state.outbox.map((outgoing) => text(state.origin, outgoing))];
    case 'received':
      return received(state, parse(event.data), now);
    default:
      return event satisfies never;
  }
}

type Wire =
  | { readonly got: number; readonly origin: string }
  | { readonly origin: string; readonly message: Outgoing };

function received(state: Chat, wire: Wire | null, now: number): readonly [Chat, readonly string[]] {
  if (!wire) return [state, []];
  if ('got' in wire) {
    // A receipt that names another origin is for the page we were before a reload.
    if (wire.origin !== state.origin) return [state, []];
    const ids = new Set(
      state.outbox
        .filter(({ number }) => number <= wire.got)
        .map(({ number }) => messageId(state.origin, number)),
    );
    return [
      {
        ...state,
        outbox: state.outbox.filter(({ number }) => number > wire.got),
        messages: state.messages.map((message) =>
          ids.has(message.id) ? { ...message, delivered: true } : message,
        ),
      },
      [],
    ];
  }
  const { origin, message } = wire;
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
  return [
    {
      ...state,
      received: { ...state.received, [origin]: message.number },
      messages: [...state.messages, came],
    },
    [receipt(message.number)],
  ];
}

function text(origin: string, { number, text }: Outgoing): string {
  return JSON.stringify({ type: 'text', origin, number, text });
}

function parse(data: string): Wire | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type, origin, number, text } = value as Record<string, unknown>;
  if (typeof origin !== 'string' || typeof number !== 'number' || !Number.isSafeInteger(number)) return null;
  if (type === 'got') return { got: number, origin };
  if (type !== 'text' || typeof text !== 'string' || text.length > maxChatLength) return null;
  return { origin, message: { number, text } };
}

function messageId(origin: string, number: number): string {
  return `${origin}.${number}`;
}
