import { expect, test } from 'vitest';
import {
  isCommitted,
  type Negotiation,
  type NegotiationEffect,
  type NegotiationEvent,
  negotiate,
  newNegotiation,
} from './negotiation.ts';
import type { IceCandidate } from './wire.ts';

test('an offer is made, sent with its number, and its answer accepted', () => {
  const end = new End(false);
  expect(end.on({ type: 'want', wanted: 'offer' })).toEqual([{ type: 'make-offer', restart: false }]);
  expect(end.on({ type: 'offer-made', sdp: sdp('mine1') })).toEqual([
    { type: 'send', message: { type: 'offer', sdp: sdp('mine1'), number: 1 } },
  ]);
  expect(end.on(answer(1, 'theirs1'))).toEqual([{ type: 'accept-answer', sdp: sdp('theirs1') }]);
  expect(end.on({ type: 'answer-accepted' })).toEqual([]);
  expect(end.state.step.kind).toBe('stable');
});

test('an offer is answered by its number', () => {
  const end = new End(true);
  expect(end.on(offer(4, 'theirs1'))).toEqual([{ type: 'make-answer', sdp: sdp('theirs1') }]);
  expect(end.on({ type: 'answer-made', sdp: sdp('mine1') })).toEqual([
    { type: 'send', message: { type: 'answer', sdp: sdp('mine1'), number: 4, settled: 0 } },
  ]);
});

test('the impolite side ignores an offer that collides with its own', () => {
  const end = offered(false);
  expect(end.on(offer(1, 'theirs1'))).toEqual([]);
  expect(end.state.step.kind).toBe('offered');
});

test('the polite side takes its offer back for theirs', () => {
  const end = offered(true);
  expect(end.on(offer(1, 'theirs1'))).toEqual([{ type: 'make-answer', sdp: sdp('theirs1') }]);
  expect(end.on({ type: 'answer-made', sdp: sdp('mine2') })).toEqual([
    { type: 'send', message: { type: 'answer', sdp: sdp('mine2'), number: 1, settled: 1 } },
  ]);
});

test('a restart of the polite side that had to yield to a plain offer is made afterwards', () => {
  const end = connected(true);
  end.on({ type: 'want', wanted: 'restart' });
  end.on({ type: 'offer-made', sdp: sdp('mine2') });
  end.on(offer(2, 'theirs1'));
  expect(end.on({ type: 'answer-made', sdp: sdp('mine1') })).toContainEqual({
    type: 'make-offer',
    restart: true,
  });
});

test('a restart of the polite side that had to yield to a restart is done', () => {
  const end = connected(true);
  end.on({ type: 'want', wanted: 'restart' });
  end.on({ type: 'offer-made', sdp: sdp('mine2') });
  end.on(offer(2, 'theirs2'));
  expect(end.on({ type: 'answer-made', sdp: sdp('mine3') })).not.toContainEqual({
    type: 'make-offer',
    restart: true,
  });
  expect(end.state.wanted).toBe('nothing');
});

test('an answer to anything but the latest offer is stale', () => {
  const end = offered(false);
  end.on({ type: 'want', wanted: 'restart' });
  end.on({ type: 'offer-made', sdp: sdp('mine2') });
  expect(end.on(answer(1, 'theirs1'))).toEqual([]);
  expect(end.on(answer(2, 'theirs1'))).toEqual([{ type: 'accept-answer', sdp: sdp('theirs1') }]);
});

test('an offer that comes twice is answered once and its answer repeated', () => {
  const end = new End(true);
  end.on(offer(1, 'theirs1'));
  const first = end.on({ type: 'answer-made', sdp: sdp('mine1') });
  expect(end.on(offer(1, 'theirs1'))).toEqual(first);
});

test('an offer that comes after an answer that settled it is stale', () => {
  const end = offered(false);
  end.on({ type: 'received', message: { type: 'answer', sdp: sdp('theirs1'), number: 1, settled: 5 } });
  end.on({ type: 'answer-accepted' });
  expect(end.on(offer(5, 'theirs0'))).toEqual([]);
  expect(end.on(offer(6, 'theirs2'))).toEqual([{ type: 'make-answer', sdp: sdp('theirs2') }]);
});

test('an offer that comes while another is being answered waits, and the newest is answered', () => {
  const end = new End(true);
  end.on(offer(1, 'theirs1'));
  expect(end.on(offer(2, 'theirs2'))).toEqual([]);
  expect(end.on(offer(3, 'theirs3'))).toEqual([]);
  expect(end.on({ type: 'answer-made', sdp: sdp('mine1') })).toContainEqual({
    type: 'make-answer',
    sdp: sdp('theirs3'),
  });
});

test('candidates wait for the description of their generation', () => {
  const end = new End(true);
  expect(end.on(remote(candidate('theirs1', 1)))).toEqual([]);
  expect(end.on(remote(candidate('theirs2', 2)))).toEqual([]);
  end.on(offer(1, 'theirs1'));
  expect(end.on(remote(candidate('theirs1', 3)))).toEqual([]);
  const effects = end.on({ type: 'answer-made', sdp: sdp('mine1') });
  expect(effects.filter(({ type }) => type === 'add-candidate')).toEqual([
    { type: 'add-candidate', candidate: candidate('theirs1', 1) },
    { type: 'add-candidate', candidate: candidate('theirs1', 3) },
  ]);
  expect(end.on(remote(candidate('theirs1', 4)))).toEqual([
    { type: 'add-candidate', candidate: candidate('theirs1', 4) },
  ]);
  expect(end.state.held).toEqual([candidate('theirs2', 2)]);
});

test('the end of candidates goes the same way as the others', () => {
  const end = connected(true);
  const last = { ...candidate('theirs1', 0), candidate: '' };
  expect(end.on(remote(last))).toEqual([{ type: 'add-candidate', candidate: last }]);
});

test('candidates without a generation, as a textbook client sends them, go in once there is a description', () => {
  const end = new End(false);
  const bare = { ...candidate('', 1), usernameFragment: null };
  expect(end.on(remote(bare))).toEqual([]);
  end.on({ type: 'received', message: { type: 'offer', sdp: sdp('theirs1'), number: null } });
  expect(end.on({ type: 'answer-made', sdp: sdp('mine1') })).toContainEqual({
    type: 'add-candidate',
    candidate: bare,
  });
});

test('no more than a hundred candidates are held', () => {
  const end = new End(true);
  for (let i = 0; i < 1_000; i++) end.on(remote(candidate('nobody', i)));
  expect(end.state.held).toHaveLength(100);
  expect(end.state.held.at(-1)).toEqual(candidate('nobody', 999));
});

test('a repeated offer brings its candidates along', () => {
  const end = offered(false);
  const gathered = candidate('mine1', 1);
  end.on({ type: 'local-candidate', candidate: gathered });
  expect(end.on({ type: 'repeat' })).toEqual([
    { type: 'send', message: { type: 'offer', sdp: sdp('mine1'), number: 1 } },
    { type: 'send', message: { type: 'candidate', candidate: gathered } },
  ]);
});

test('candidates of a generation left behind are not repeated', () => {
  const end = connected(false);
  end.on({ type: 'local-candidate', candidate: candidate('mine1', 1) });
  end.on({ type: 'want', wanted: 'restart' });
  end.on({ type: 'local-candidate', candidate: candidate('mine2', 2) });
  end.on({ type: 'offer-made', sdp: sdp('mine2') });
  expect(end.state.gathered).toEqual([candidate('mine2', 2)]);
});

test('it is committed from the moment a remote description goes in', () => {
  const end = offered(false);
  expect(isCommitted(end.state)).toBe(false);
  end.on(answer(1, 'theirs1'));
  expect(isCommitted(end.state)).toBe(true);
});

class End {
  state: Negotiation;

  constructor(polite: boolean) {
    this.state = newNegotiation(polite);
  }

  on(event: NegotiationEvent): readonly NegotiationEffect[] {
    const [state, effects] = negotiate(this.state, event);
    this.state = state;
    return effects;
  }
}

/** Its first offer is out. */
function offered(polite: boolean): End {
  const end = new End(polite);
  end.on({ type: 'want', wanted: 'offer' });
  end.on({ type: 'offer-made', sdp: sdp('mine1') });
  return end;
}

function connected(polite: boolean): End {
  const end = new End(polite);
  if (polite) {
    end.on(offer(1, 'theirs1'));
    end.on({ type: 'answer-made', sdp: sdp('mine1') });
  } else {
    end.on({ type: 'want', wanted: 'offer' });
    end.on({ type: 'offer-made', sdp: sdp('mine1') });
    end.on(answer(1, 'theirs1'));
    end.on({ type: 'answer-accepted' });
  }
  return end;
}

function offer(number: number, generation: string): NegotiationEvent {
  return { type: 'received', message: { type: 'offer', sdp: sdp(generation), number } };
}

function answer(number: number, generation: string): NegotiationEvent {
  return { type: 'received', message: { type: 'answer', sdp: sdp(generation), number, settled: 0 } };
}

function remote(candidate: IceCandidate): NegotiationEvent {
  return { type: 'received', message: { type: 'candidate', candidate } };
}

function candidate(usernameFragment: string, port: number): IceCandidate {
  return {
    candidate: `candidate:1 1 udp 1 192.0.2.1 ${port} typ host`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment,
  };
}

function sdp(generation: string): string {
  return `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:${generation}\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:${generation}\r\n`;
}
