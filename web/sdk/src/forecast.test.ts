import { expect, test } from 'vitest';
import { type Forecast, type Gathered, judge } from './forecast.ts';

const host: Gathered = { type: 'host', relayProtocol: null };
const reflexive: Gathered = { type: 'srflx', relayProtocol: null };
const relay = (relayProtocol: string | null): Gathered => ({ type: 'relay', relayProtocol });

test.each<[string, readonly Gathered[], RTCIceTransportPolicy, Forecast]>([
  ['an address seen from outside', [host, reflexive], 'all', 'direct'],
  ['a relay that is reached by UDP', [host, relay('udp')], 'all', 'direct'],
  ['a relay that is reached by TCP alone', [host, relay('tcp')], 'all', 'relay'],
  ['a relay reached by TLS, behind a proxy', [relay('tls')], 'all', 'relay'],
  ['a relay in a browser that does not say how it is reached', [host, relay(null)], 'all', 'relay'],
  ['nothing but one’s own addresses', [host], 'all', 'blocked'],
  ['nothing at all', [], 'all', 'blocked'],
  ['a hidden address and a relay', [relay('udp')], 'relay', 'relay'],
  ['a hidden address and no relay', [host, reflexive], 'relay', 'blocked'],
])('%s', (_, gathered, policy, expected) => {
  expect(judge(gathered, policy)).toBe(expected);
});
