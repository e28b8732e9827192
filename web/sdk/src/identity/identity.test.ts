import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Identity, SafetyLine, SafetyState } from '../safety.ts';
import { openIdentity } from './identity.ts';
import type { ContactStore, Kept } from './store.ts';

// Two identities over a line that delivers in order; hashes are real, certificates are names.

const nextTask = setTimeout;
/** Hashes being made, and messages on their way. */
let moving = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  serial = 0;
  moving = 0;
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (...args) => {
    moving++;
    try {
      return await digest(...args);
    } finally {
      moving--;
    }
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('two browsers that have never met see the same code', async () => {
  const [anna, ben] = await meet();
  expect(codeOf(anna)).toMatch(/^\d{4} \d{4}$/);
  expect(codeOf(ben)).toBe(codeOf(anna));
  expect(anna.state).toMatchObject({ contact: 'new' });
});

test('the code stays over a new connection of the same two, and so does what was said of it', async () => {
  const [anna, ben] = await meet();
  const code = codeOf(anna);
  anna.identity.confirm(true);
  expect(anna.state).toMatchObject({ contact: 'compared' });
  anna.identity.close();
  ben.identity.close();
  expect(anna.state).toEqual({ kind: 'none' });
  await connect(anna, ben);
  expect([codeOf(anna), codeOf(ben)]).toEqual([code, code]);
  expect(anna.state).toMatchObject({ contact: 'compared' });
  expect(ben.state).toMatchObject({ contact: 'new' });
});

test('in a later call they know each other again, with the same code', async () => {
  const [annas, bens] = [new FakeStore(), new FakeStore()];
  const [anna] = await meet(annas, bens);
  const code = codeOf(anna);
  anna.identity.confirm(true);
  const [later, bensLater] = await meet(annas, bens);
  expect([codeOf(later), codeOf(bensLater)]).toEqual([code, code]);
  expect(later.state).toMatchObject({ contact: 'compared' });
  expect(bensLater.state).toMatchObject({ contact: 'same' });
});

test('another browser than last time is told, and remembered only when the codes match', async () => {
  const annas = new FakeStore();
  await meet(annas);
  for (let call = 0; call < 2; call++) {
    const [anna] = await meet(annas);
    expect(anna.state, `call ${call}`).toMatchObject({ contact: 'changed' });
  }
  const stranger = new FakeStore();
  const [anna] = await meet(annas, stranger);
  anna.identity.confirm(true);
  const [later] = await meet(annas, stranger);
  expect(later.state).toMatchObject({ contact: 'compared' });
});

test('codes that differ are said so for as long as the page lives, and who was trusted at first is forgotten', async () => {
  const annas = new FakeStore();
  const [anna, ben] = await meet(annas);
  anna.identity.confirm(false);
  expect(anna.state).toMatchObject({ contact: 'differs' });
  expect(annas.kept).toBeNull();
  await connect(anna, ben);
  expect(anna.state).toMatchObject({ contact: 'differs' });
});

test('with remembering switched off nothing is kept', async () => {
  const annas = new FakeStore();
  const anna = await newSide(annas, false);
  const ben = await newSide();
  await connect(anna, ben);
  anna.identity.confirm(true);
  expect(anna.state).toMatchObject({ contact: 'compared' });
  expect(annas.kept).toBeNull();
});

test('switched off in mid-call, what was kept is gone, and the next connection shows another certificate', async () => {
  const annas = new FakeStore();
  const [anna] = await meet(annas);
  const { certificate } = anna.identity;
  await anna.identity.setRemember(false);
  expect(annas.kept).toBeNull();
  expect(anna.identity.certificate).not.toBe(certificate);
});

test('a certificate that changes in mid-call is told at once', async () => {
  const [anna] = await meet();
  await negotiated(anna);
  expect(anna.state.kind).toBe('code');
  anna.peerShown = 'somebody else';
  await negotiated(anna);
  expect(anna.state).toEqual({ kind: 'broken', reason: 'certificates' });
});

test('a channel that is open before the descriptions are settled waits for them', async () => {
  const [anna, ben] = [await newSide(), await newSide()];
  anna.peerShown = null;
  await connect(anna, ben);
  expect(anna.state).toEqual({ kind: 'checking', late: false });
  anna.peerShown = undefined;
  await negotiated(anna);
  await stillness();
  expect(codeOf(anna)).toMatch(/^\d{4} \d{4}$/);
  expect(codeOf(ben)).toBe(codeOf(anna));
});

test('without a certificate there is no code', async () => {
  const [anna, ben] = [await newSide(), await newSide()];
  anna.peerShown = '';
  await connect(anna, ben, (_) => null);
  expect(anna.state).toEqual({ kind: 'broken', reason: 'certificates' });
});

test('who sends something else than the protocol says is told of', async () => {
  for (const data of [
    { type: 'safety' },
    { type: 'safety', step: 'reveal', nonce: 'ab'.repeat(32) },
    { type: 'safety', step: 'commit', commitment: 7 },
  ]) {
    const anna = await newSide();
    await connect(anna, await newSide(), (_) => null);
    receive(anna, data);
    expect(anna.state, JSON.stringify(data)).toEqual({ kind: 'broken', reason: 'rules' });
  }
});

test('a flood before we are ready ends the exchange', async () => {
  const anna = await newSide();
  anna.identity.hear(
    { send: () => undefined, credentials: () => new Promise(() => undefined) },
    { type: 'control-opened' },
  );
  for (let i = 0; i < 5; i++) receive(anna, { type: 'safety', step: 'commit' });
  expect(anna.state).toEqual({ kind: 'broken', reason: 'rules' });
});

test('a changed nonce is caught on the way', async () => {
  const [anna, ben] = [await newSide(), await newSide()];
  await connect(anna, ben, (message) =>
    'nonce' in message ? { ...message, nonce: 'ab'.repeat(32) } : message,
  );
  expect(anna.state).toEqual({ kind: 'broken', reason: 'rules' });
  expect(ben.state).toEqual({ kind: 'broken', reason: 'rules' });
});

test('somebody in between makes two codes of it', async () => {
  const [anna, ben] = [await newSide(), await newSide()];
  await connect(anna, await newSide());
  await connect(ben, await newSide());
  expect(codeOf(anna)).not.toBe(codeOf(ben));
});

test('a peer without a safety code is late, and no more', async () => {
  const anna = await newSide();
  await connect(anna, await newSide(), (_) => null);
  expect(anna.state).toEqual({ kind: 'checking', late: false });
  vi.advanceTimersByTime(10_000);
  expect(anna.state).toEqual({ kind: 'checking', late: true });
});

test('so many connections that they could be guesses are refused', async () => {
  const anna = await newSide();
  for (let i = 0; i < 64; i++) {
    await connect(anna, await newSide());
    expect(anna.state.kind, `${i}`).toBe('code');
  }
  await connect(anna, await newSide());
  expect(anna.state).toEqual({ kind: 'broken', reason: 'rules' });
});

let serial = 0;

interface Side {
  readonly identity: Identity;
  state: SafetyState;
  /** What we are shown; undefined: what is true. */
  peerShown: string | null | undefined;
}

async function newSide(store: ContactStore = new FakeStore(), remember = true): Promise<Side> {
  const side = { state: { kind: 'none' }, peerShown: undefined } as Omit<Side, 'identity'> & {
    identity?: Identity;
  };
  side.state = { kind: 'none' };
  const identity = await openIdentity(
    {
      room: 'r',
      remember,
      onChange: (state) => {
        side.state = state;
      },
    },
    {
      store,
      makeCertificate: async () =>
        ({ expires: Date.now() + 365 * 24 * 3_600_000, name: `certificate ${serial++}` }) as never,
      fingerprintOf: async () => null,
      newNonce: () => (serial++).toString(16).padStart(64, '0'),
    },
  );
  return Object.assign(side, { identity }) as Side;
}

async function meet(annas?: ContactStore, bens?: ContactStore): Promise<[Side, Side]> {
  const [anna, ben] = [await newSide(annas), await newSide(bens)];
  await connect(anna, ben);
  return [anna, ben];
}

type Message = Record<string, unknown>;

async function connect(
  anna: Side,
  ben: Side,
  change: (message: Message) => Message | null = (message) => message,
): Promise<void> {
  const join = (from: Side, to: Side) => {
    const [own, peer] = [nameOf(from), nameOf(to)];
    const line: SafetyLine = {
      send: (_, data) => {
        const changed = change(JSON.parse(data) as Message);
        if (!changed) return;
        moving++;
        queueMicrotask(() => {
          receive(to, changed);
          moving--;
        });
      },
      credentials: async () =>
        from.peerShown === null
          ? null
          : {
              localSdp: sdpOf(own),
              remoteSdp: sdpOf(from.peerShown ?? peer),
              remoteCertificate: null,
            },
    };
    from.identity.hear(line, { type: 'control-opened' });
  };
  join(anna, ben);
  join(ben, anna);
  await stillness();
}

/** Only the opening looks at the line. */
const noLine = {} as SafetyLine;

const receive = (side: Side, data: Message) => side.identity.hear(noLine, { type: 'control-message', data });

async function negotiated(side: Side): Promise<void> {
  side.identity.hear(noLine, { type: 'answer-accepted' });
  await stillness();
}

/** Until nothing moves any more, twice: what follows from the last hash may be another one. */
async function stillness(): Promise<void> {
  for (let still = 0; still < 2; still = moving > 0 ? 0 : still + 1)
    await new Promise((resolve) => nextTask(resolve));
}

const nameOf = (side: Side) => (side.identity.certificate as unknown as { name: string }).name;

function sdpOf(name: string): string {
  if (name === '') return '';
  const bytes = Array.from({ length: 32 }, (_, i) => name.charCodeAt(i) || 0);
  return `a=fingerprint:sha-256 ${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')}\r\n`;
}

const codeOf = ({ state }: Side) => (state.kind === 'code' ? state.code.digits : state.kind);

class FakeStore implements ContactStore {
  kept: Kept | null = null;

  async read(): Promise<Kept | null> {
    return this.kept;
  }

  async write(_: string, kept: Kept): Promise<void> {
    this.kept = kept;
  }

  async forget(): Promise<void> {
    this.kept = null;
  }
}
