import type { Answer, Candidate, Hello, IceCandidate, Offer } from './wire.ts';

/**
 * Offer and answer between two peer connections as a pure state machine: perfect negotiation (webrtc-pc, "Perfect
 * Negotiation Example") with numbered offers, so that it also converges where messages are lost, repeated or overtaken.
 *
 * - One operation on the peer connection at a time; what arrives meanwhile waits or is known to be moot.
 * - The impolite side ignores an offer that collides with its own; the polite side takes its own back.
 * - Every offer has a number and its answer names it. An answer to anything but the latest offer is stale. So is an
 *   offer whose number has been seen, or that an answer has declared settled.
 * - Candidates wait until the description of their generation (username fragment) is in place.
 */
export interface Negotiation {
  readonly polite: boolean;
  readonly step: Step;
  /** Asked for while something else was going on. */
  readonly wanted: Wanted;
  /** The number of our latest offer. */
  readonly offers: number;
  /** The highest number of theirs that has been dealt with, one way or another. */
  readonly seen: number;
  /** Their offer that came while an operation was running. */
  readonly next: Offer | null;
  /** Our last answer, to be repeated when the offer is. */
  readonly answer: Answer | null;
  /** Generations of the remote description in place; empty before the first. */
  readonly remoteGenerations: readonly string[];
  /** Remote candidates whose description is not in place yet. */
  readonly held: readonly IceCandidate[];
  /** Our own candidates of the current local description, to be repeated along with it. */
  readonly gathered: readonly IceCandidate[];
}

export type Wanted = 'nothing' | 'offer' | 'restart';

export type Step =
  | { readonly kind: 'stable' }
  | { readonly kind: 'offering'; readonly restart: boolean }
  /** Our offer is out. */
  | { readonly kind: 'offered'; readonly restart: boolean; readonly offer: Offer }
  | { readonly kind: 'answering'; readonly offer: Offer }
  | { readonly kind: 'accepting'; readonly sdp: string };

export type NegotiationEvent =
  | { readonly type: 'want'; readonly wanted: 'offer' | 'restart' }
  /** The operations below have ended. */
  | { readonly type: 'offer-made'; readonly sdp: string }
  | { readonly type: 'answer-made'; readonly sdp: string }
  | { readonly type: 'answer-accepted' }
  | { readonly type: 'local-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'received'; readonly message: Offer | Answer | Candidate | Hello }
  /** The other side may have missed our offer. */
  | { readonly type: 'repeat' };

export type NegotiationEffect =
  | { readonly type: 'make-offer'; readonly restart: boolean }
  /** Takes our own offer back first, if one is out. */
  | { readonly type: 'make-answer'; readonly sdp: string }
  | { readonly type: 'accept-answer'; readonly sdp: string }
  | { readonly type: 'add-candidate'; readonly candidate: IceCandidate }
  | { readonly type: 'send'; readonly message: Offer | Answer | Candidate };

/** More candidates than any browser gathers; what somebody sends beyond is not worth memory. */
const maxHeld = 100;

export function newNegotiation(polite: boolean): Negotiation {
  return {
    polite,
    step: { kind: 'stable' },
    wanted: 'nothing',
    offers: 0,
    seen: 0,
    next: null,
    answer: null,
    remoteGenerations: [],
    held: [],
    gathered: [],
  };
}

/** A description of the other side is in place or being put there: this peer connection belongs to that one. */
export function isCommitted(state: Negotiation): boolean {
  return (
    state.remoteGenerations.length > 0 || state.step.kind === 'answering' || state.step.kind === 'accepting'
  );
}

export function negotiate(
  state: Negotiation,
  event: NegotiationEvent,
): readonly [Negotiation, readonly NegotiationEffect[]] {
  switch (event.type) {
    case 'want':
      return proceed({ ...state, wanted: stronger(state.wanted, event.wanted) }, []);
    case 'offer-made':
      return offerMade(state, event.sdp);
    case 'answer-made':
      return answerMade(state, event.sdp);
    case 'answer-accepted':
      return state.step.kind === 'accepting'
        ? described({ ...state, step: stable }, state.step.sdp, [])
        : [state, []];
    case 'local-candidate': {
      const gathered = [...state.gathered, event.candidate].slice(-maxHeld);
      return [{ ...state, gathered }, [send({ type: 'candidate', candidate: event.candidate })]];
    }
    case 'received':
      return received(state, event.message);
    case 'repeat':
      return state.step.kind === 'offered' ? [state, withCandidates(state, state.step.offer)] : [state, []];
    default:
      return event satisfies never;
  }
}

function received(
  state: Negotiation,
  message: Offer | Answer | Candidate | Hello,
): readonly [Negotiation, readonly NegotiationEffect[]] {
  switch (message.type) {
    case 'offer':
      return offerReceived(state, message);
    case 'hello':
      return message.offer ? offerReceived(state, message.offer) : [state, []];
    case 'answer':
      return answerReceived(state, message);
    case 'candidate':
      return candidateReceived(state, message.candidate);
    default:
      return message satisfies never;
  }
}

function offerReceived(
  state: Negotiation,
  offer: Offer,
): readonly [Negotiation, readonly NegotiationEffect[]] {
  if (offer.number !== null && offer.number <= state.seen) {
    return [state, state.answer?.number === offer.number ? withCandidates(state, state.answer) : []];
  }

  // Ignored, but not yet settled: whether it came before our offer or after, their answer to ours will tell.
  const collides = state.step.kind === 'offering' || state.step.kind === 'offered';
  if (collides && !state.polite) return [state, []];

  return proceed({ ...state, seen: offer.number ?? state.seen, next: offer }, []);
}

function answerReceived(
  state: Negotiation,
  answer: Answer,
): readonly [Negotiation, readonly NegotiationEffect[]] {
  const current = answer.number === null || answer.number === state.offers;
  if (state.step.kind !== 'offered' || !current) return [state, []];

  const seen = Math.max(state.seen, answer.settled);
  const { sdp } = answer;
  return [
    { ...state, seen, step: { kind: 'accepting', sdp }, answer: null },
    [{ type: 'accept-answer', sdp }],
  ];
}

function candidateReceived(
  state: Negotiation,
  candidate: IceCandidate,
): readonly [Negotiation, readonly NegotiationEffect[]] {
  return belongs(state, candidate)
    ? [state, [{ type: 'add-candidate', candidate }]]
    : [{ ...state, held: [...state.held, candidate].slice(-maxHeld) }, []];
}

function offerMade(state: Negotiation, sdp: string): readonly [Negotiation, readonly NegotiationEffect[]] {
  if (state.step.kind !== 'offering') return [state, []];

  const { restart } = state.step;
  const number = state.offers + 1;
  const offer: Offer = { type: 'offer', sdp, number };
  const offered: Negotiation = {
    ...state,
    offers: number,
    step: { kind: 'offered', restart, offer },
    gathered: ofGenerations(state.gathered, generationsOf(sdp)),
  };
  // An offer that arrived meanwhile wins (we are polite, or it would not wait): ours need not go out at all.
  return state.next || state.wanted === 'restart'
    ? proceed(offered, [])
    : [offered, withCandidates(offered, offer)];
}

function answerMade(state: Negotiation, sdp: string): readonly [Negotiation, readonly NegotiationEffect[]] {
  if (state.step.kind !== 'answering') return [state, []];

  const { offer } = state.step;
  const answer: Answer = { type: 'answer', sdp, number: offer.number, settled: state.offers };
  const answered: Negotiation = {
    ...state,
    step: stable,
    answer,
    gathered: ofGenerations(state.gathered, generationsOf(sdp)),
  };
  return described(answered, offer.sdp, withCandidates(answered, answer));
}

/** A remote description is in place: candidates of its generations can go in, those of earlier ones are moot. */
function described(
  state: Negotiation,
  remoteSdp: string,
  effects: readonly NegotiationEffect[],
): readonly [Negotiation, readonly NegotiationEffect[]] {
  const remoteGenerations = generationsOf(remoteSdp);
  const next = { ...state, remoteGenerations };
  const held = state.held.filter((candidate) => !belongs(next, candidate));
  const due = state.held.filter((candidate) => belongs(next, candidate));
  return proceed({ ...next, held }, [
    ...effects,
    ...due.map((candidate) => ({ type: 'add-candidate', candidate }) as const),
  ]);
}

/** Starts what is due, if nothing is running: their offer first, then ours. */
function proceed(
  state: Negotiation,
  effects: readonly NegotiationEffect[],
): readonly [Negotiation, readonly NegotiationEffect[]] {
  const { step, next, wanted } = state;
  if (step.kind !== 'stable' && step.kind !== 'offered') return [state, effects];

  if (next) {
    const answering: Negotiation = {
      ...state,
      next: null,
      step: { kind: 'answering', offer: next },
      wanted: wantedAfter(state, next),
    };
    return [answering, [...effects, { type: 'make-answer', sdp: next.sdp }]];
  }

  // A restart may replace an offer that is still out; a plain offer would say nothing new.
  if (wanted === 'restart' || (wanted === 'offer' && step.kind === 'stable')) {
    const restart = wanted === 'restart';
    return [
      { ...state, wanted: 'nothing', step: { kind: 'offering', restart } },
      [...effects, { type: 'make-offer', restart }],
    ];
  }
  return [wanted === 'offer' ? { ...state, wanted: 'nothing' } : state, effects];
}

/** Their offer does what our own was for, except that a restart of ours stays due unless theirs is one, too. */
function wantedAfter(state: Negotiation, theirs: Offer): Wanted {
  const restarting = state.wanted === 'restart' || (state.step.kind === 'offered' && state.step.restart);
  const theirsRestarts = !generationsOf(theirs.sdp).some((ufrag) => state.remoteGenerations.includes(ufrag));
  return restarting && !theirsRestarts ? 'restart' : 'nothing';
}

function belongs(state: Negotiation, { usernameFragment }: IceCandidate): boolean {
  if (state.step.kind === 'answering' || state.step.kind === 'accepting') return false;
  return usernameFragment === null
    ? state.remoteGenerations.length > 0
    : state.remoteGenerations.includes(usernameFragment);
}

function ofGenerations(
  candidates: readonly IceCandidate[],
  ufrags: readonly string[],
): readonly IceCandidate[] {
  return candidates.filter(
    ({ usernameFragment }) => usernameFragment !== null && ufrags.includes(usernameFragment),
  );
}

function withCandidates(state: Negotiation, description: Offer | Answer): readonly NegotiationEffect[] {
  return [send(description), ...state.gathered.map((candidate) => send({ type: 'candidate', candidate }))];
}

function generationsOf(sdp: string): readonly string[] {
  return [...new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag ?? ''))];
}

function stronger(a: Wanted, b: Wanted): Wanted {
  return a === 'restart' || b === 'restart' ? 'restart' : a === 'nothing' ? b : a;
}

function send(message: Offer | Answer | Candidate): NegotiationEffect {
  return { type: 'send', message };
}

const stable: Step = { kind: 'stable' };
