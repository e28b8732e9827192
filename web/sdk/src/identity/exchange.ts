import { type Hex32, nameOf } from './code.ts';
import type { Frame } from './frame.ts';

/**
 * Commit and reveal on one peer connection, as a pure state machine: `(state, event) => [state, effects]`.
 *
 * Each side first binds itself to a random nonce, and shows the nonce only when the other one is bound too. So nobody can
 * choose a nonce, or a certificate, to fit a code that is known already: whoever sits in between has a single guess.
 * The channel delivers everything once and in order; whatever comes twice, too early or malformed breaks the rules.
 */
export interface Exchange {
  readonly step: Step;
  /** Ours, and what we are bound by. */
  readonly nonce: Hex32;
  readonly commitment: Hex32;
  /** The digest that we still have for these two certificates. */
  readonly kept: Hex32 | null;
  /** The fingerprint that will take the place of theirs one day. */
  readonly theirNext: Hex32 | null;
  /** The other side takes its time. */
  readonly late: boolean;
}

export type Step =
  /** We are bound, they are not yet. */
  | { readonly kind: 'committed' }
  /** Both are bound, and our nonce is out. */
  | { readonly kind: 'revealed'; readonly commitment: Hex32 }
  /** Theirs is in, and being checked. */
  | { readonly kind: 'checking'; readonly commitment: Hex32 }
  | { readonly kind: 'done'; readonly digest: Hex32 }
  | { readonly kind: 'broken'; readonly rule: BrokenRule };

export type BrokenRule = 'malformed' | 'out-of-order' | 'not-what-was-committed' | 'echo';

export type ExchangeEvent =
  /** Null: it claims to be a frame and is none. */
  | { readonly type: 'received'; readonly frame: Frame | null }
  /** Answers the effect `check`: what their nonce would have been committed as, and the digest it makes. */
  | { readonly type: 'checked'; readonly commitment: Hex32; readonly digest: Hex32 }
  | { readonly type: 'late' };

export type ExchangeEffect =
  | { readonly type: 'send'; readonly frame: Frame }
  | { readonly type: 'check'; readonly nonce: Hex32 };

export interface Beginning {
  readonly nonce: Hex32;
  readonly commitment: Hex32;
  readonly kept: Hex32 | null;
  /** Our own next certificate's fingerprint. */
  readonly next: Hex32 | null;
}

type Turn = readonly [Exchange, readonly ExchangeEffect[]];

export function beginExchange({ nonce, commitment, kept, next }: Beginning): Turn {
  const state: Exchange = {
    step: { kind: 'committed' },
    nonce,
    commitment,
    kept,
    theirNext: null,
    late: false,
  };
  const frame: Frame = { step: 'commit', commitment, kept: kept && nameOf(kept), next };
  return [state, [{ type: 'send', frame }]];
}

export function exchange(state: Exchange, event: ExchangeEvent): Turn {
  const { step } = state;
  if (step.kind === 'broken') return [state, []];
  switch (event.type) {
    case 'received':
      return received(state, event.frame);
    case 'checked':
      if (step.kind !== 'checking') return [state, []];
      if (event.commitment !== step.commitment) return broken(state, 'not-what-was-committed');
      return [{ ...state, step: { kind: 'done', digest: event.digest }, late: false }, []];
    case 'late':
      return [step.kind === 'done' ? state : { ...state, late: true }, []];
    default:
      return event satisfies never;
  }
}

function received(state: Exchange, frame: Frame | null): Turn {
  if (!frame) return broken(state, 'malformed');
  const { step } = state;
  if (frame.step === 'commit' && step.kind === 'committed') return bound(state, frame);
  if (frame.step === 'reveal' && step.kind === 'revealed')
    return [
      { ...state, step: { kind: 'checking', commitment: step.commitment } },
      [{ type: 'check', nonce: frame.nonce }],
    ];
  return broken(state, 'out-of-order');
}

function bound(before: Exchange, frame: Frame & { step: 'commit' }): Turn {
  const { commitment } = frame;
  // Nobody finds our nonce by chance: this is our own commitment, thrown back.
  if (commitment === before.commitment) return broken(before, 'echo');
  const state: Exchange = { ...before, theirNext: frame.next };
  // Both still have the code of an earlier connection between the same two certificates.
  if (state.kept && frame.kept === nameOf(state.kept))
    return [{ ...state, step: { kind: 'done', digest: state.kept }, late: false }, []];
  return [
    { ...state, step: { kind: 'revealed', commitment } },
    [{ type: 'send', frame: { step: 'reveal', nonce: state.nonce } }],
  ];
}

const broken = (state: Exchange, rule: BrokenRule): Turn => [
  { ...state, step: { kind: 'broken', rule }, late: false },
  [],
];
