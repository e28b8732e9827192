import { isFirefox } from './firefox.ts';
import { candidatesOf, relaysOf } from './stats-reading.ts';
import type { IceCandidate } from './wire.ts';

/** For who has only relays over TCP: a UDP that is blocked gives nothing better. */
const patienceMs = 400;
/** More, for who gets anything over UDP: the rest comes as well, sooner or, where an answer got lost, 250 ms later. */
const morePatienceMs = 800;
/** The preference among types, RFC 8445 section 5.1.2.1, that browsers give a relay behind TCP or TLS is 0 or 1 (Chromium 156, Firefox 153). */
const leastOverUdp = 2 << 24;

/** By then a first path is settled. */
const secondTryMs = 4_000;

/** Of the other side's newest generation. */
interface Generation {
  readonly name: string | null;
  /** An address of their own was offered: whose policy allows relays alone has none, and nothing is waited for. */
  direct: boolean;
  overUdp: boolean;
  /** Opened when a reflexive candidate is here, or will not come, */
  readonly reflexive: Gate;
  /** and after that the same for a relay over UDP. */
  readonly relay: Gate;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const generations = new WeakMap<object, Generation>();

/**
 * When a candidate of theirs may be added. Firefox passes over all that come once it has found any path (153): if that was a relay, the call
 * stays on it. So there relays wait for what is better: a reflexive candidate, and those over TCP for the one over UDP. Other browsers go on looking.
 */
export async function whenDue(
  connection: object,
  { candidate, usernameFragment = null }: IceCandidate,
  firefox = isFirefox,
): Promise<void> {
  if (!firefox) return;
  const before = generations.get(connection);
  const generation = before?.name === usernameFragment ? before : begin(usernameFragment);
  generations.set(connection, generation);
  const [, priority, kind] = / (\d+) \S+ \d+ typ (\w+)/.exec(candidate) ?? [];
  switch (kind) {
    case 'host':
      generation.direct = true;
      return;
    case 'srflx':
      generation.overUdp = true;
      return generation.reflexive.open();
    case 'relay':
      if (!generation.direct) return;
      if (Number(priority) < leastOverUdp) return generation.relay.opened;
      generation.overUdp = true;
      await generation.reflexive.opened;
      return generation.relay.open();
    default:
      // Above all the end of them, which is to be told after those that waited.
      open(generation);
      return generation.relay.opened;
  }
}

/**
 * Not every relay is kept out by that. Where a Firefox passes more of them than there are sides without an address that others can reach,
 * ICE is restarted once: the call goes on meanwhile, and stays where it is if there is nothing better.
 */
export function tryAgainOnRelay(
  connection: Pick<RTCPeerConnection, 'connectionState' | 'getStats' | 'remoteDescription'>,
  restart: () => void,
  firefox = isFirefox,
): void {
  if (!firefox) return;
  setTimeout(async () => {
    if (connection.connectionState !== 'connected') return;
    const report = await connection.getStats();
    const { own, theirs } = candidatesOf(report);
    const unreachable = [own, theirs].filter((kinds) => !kinds.some((kind) => kind.startsWith('srflx')));
    if (relaysOf(report, connection.remoteDescription?.sdp) > unreachable.length) restart();
  }, secondTryMs);
}

function begin(name: string | null): Generation {
  const generation = { name, direct: false, overUdp: false, reflexive: gate(), relay: gate() };
  const finish = () => open(generation);
  setTimeout(() => (generation.overUdp ? setTimeout(finish, morePatienceMs) : finish()), patienceMs);
  return generation;
}

function open({ reflexive, relay }: Generation): void {
  reflexive.open();
  relay.open();
}

function gate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
