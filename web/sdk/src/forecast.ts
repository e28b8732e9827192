/** What kind of path a call from here will probably find. */
export type Forecast =
  /** UDP gets out and comes back: most networks on the other side can be reached from here. */
  | 'direct'
  /** Only the relay will do, or only it is allowed. */
  | 'relay'
  /** Not even the relay answers: a call works within this network at best. */
  | 'blocked';

/** What a gathered candidate tells. */
export interface Gathered {
  readonly type: string | null;
  /** How the relay is spoken to. */
  readonly relayProtocol: string | null;
}

/** Longer than a relay takes that answers at all. */
const withinMs = 5_000;

/**
 * Asks the STUN and TURN servers for addresses, as a call would, and lets go of them again. Null where there is no server
 * to ask, or no WebRTC to ask with.
 */
export async function forecast(
  iceServers: readonly RTCIceServer[],
  policy: RTCIceTransportPolicy,
): Promise<Forecast | null> {
  if (iceServers.length === 0 || !('RTCPeerConnection' in globalThis)) return null;
  const connection = new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy: policy });
  try {
    return judge(await gather(connection), policy);
  } finally {
    connection.close();
  }
}

export function judge(gathered: readonly Gathered[], policy: RTCIceTransportPolicy): Forecast {
  const relayed = gathered.filter(({ type }) => type === 'relay');
  if (policy === 'relay') return relayed.length > 0 ? 'relay' : 'blocked';
  // A relay that is spoken to by UDP proves as much as a reflexive address, which browsers leave out where it is no news.
  const udp =
    gathered.some(({ type }) => type === 'srflx') ||
    relayed.some(({ relayProtocol }) => relayProtocol === 'udp');
  if (udp) return 'direct';
  return relayed.length > 0 ? 'relay' : 'blocked';
}

async function gather(connection: RTCPeerConnection): Promise<readonly Gathered[]> {
  const gathered: Gathered[] = [];
  const done = new Promise<void>((resolve) => {
    setTimeout(resolve, withinMs);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) return resolve();
      const { type, relayProtocol } = candidate as RTCIceCandidate & { relayProtocol?: string };
      gathered.push({ type, relayProtocol: relayProtocol ?? null });
      // The best news there can be: no need to wait for more.
      if (connection.getConfiguration().iceTransportPolicy !== 'relay' && judge(gathered, 'all') === 'direct')
        resolve();
    };
  });
  connection.createDataChannel('forecast');
  await connection.setLocalDescription();
  await done;
  return gathered;
}
