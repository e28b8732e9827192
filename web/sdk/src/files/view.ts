import { chunksOf, type EndReason } from './frames.ts';
import { safeName, safeType } from './name.ts';
import type { Outcome } from './outgoing.ts';
import type { Entry } from './transfers.ts';
import type { FileProblem, FileState, FileTransfer } from './types.ts';

/** A transfer as the page shows it. */
export function view(entry: Entry, over: boolean): FileTransfer {
  const { id, file } = entry.state;
  const chunks = entry.direction === 'sending' ? entry.state.confirmed : entry.state.stored;
  const state = stateOf(entry, over);
  return {
    id,
    direction: entry.direction,
    name: safeName(file.name),
    size: file.size,
    type: safeType(file.type),
    state,
    bytes: Math.min(chunks * file.chunkBytes, file.size),
    rate: state.kind === 'moving' ? entry.bytesPerSecond : null,
    at: entry.at,
    placed: entry.direction === 'receiving' && entry.place !== undefined,
  };
}

function stateOf({ direction, state }: Entry, over: boolean): FileState {
  const { outcome, accepted, heldByMe, heldByPeer, link } = state;
  if (outcome) return ended(outcome, accepted, direction);
  if (over) return { kind: 'failed', reason: 'call-ended' };
  if (!accepted) return { kind: link === 'none' ? 'waiting' : 'offered' };
  if (heldByMe || heldByPeer) return { kind: 'paused', byMe: heldByMe, byPeer: heldByPeer };
  const moves = link === 'moving' || (direction === 'receiving' && state.stored === chunksOf(state.file));
  return { kind: moves ? 'moving' : 'waiting' };
}

function ended(outcome: Outcome, accepted: boolean, direction: Entry['direction']): FileState {
  if (outcome.kind === 'done') return { kind: 'done' };
  return { kind: 'failed', reason: problem(outcome.reason, outcome.byMe, accepted, direction) };
}

function problem(
  reason: EndReason,
  byMe: boolean,
  accepted: boolean,
  direction: Entry['direction'],
): FileProblem {
  switch (reason) {
    case 'cancelled':
      return byMe ? 'cancelled-by-me' : 'cancelled-by-peer';
    case 'declined':
      return byMe ? 'declined-by-me' : 'declined-by-peer';
    case 'unknown':
      return direction === 'receiving' && (accepted || !byMe) ? 'sender-gone' : 'breach';
    default:
      return reason;
  }
}
