// Runs in every page before its own scripts: remembers the peer connections that the page makes, so that a test can ask them
// what arrives. `parleyProbeOptions`, set by an earlier script, narrows what ICE may use.
(() => {
  // A page without devices (about:blank, say) has no call either.
  if (!('MediaDevices' in window)) return;

  const Native = window.RTCPeerConnection;
  if (!Native || window.parleyProbe) return;
  const connections = [];
  const options = window.parleyProbeOptions ?? {};

  const urlAllowed = (url) => {
    switch (options.relayOver) {
      case 'udp':
        return url.startsWith('turn:') && !url.includes('transport=tcp');
      case 'tcp':
        return url.startsWith('turn:') && url.includes('transport=tcp');
      case 'tls':
        return url.startsWith('turns:');
      default:
        return true;
    }
  };
  const narrowed = (configuration) => {
    if (!options.relayOver) return configuration;
    const iceServers = (configuration?.iceServers ?? [])
      .map((server) => ({ ...server, urls: [server.urls].flat().filter(urlAllowed) }))
      .filter((server) => server.urls.length > 0);
    return { ...configuration, iceServers, iceTransportPolicy: 'relay' };
  };

  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(configuration, ...rest) {
      super(narrowed(configuration), ...rest);
      connections.push(this);
    }
    setConfiguration(configuration) {
      super.setConfiguration(narrowed(configuration));
    }
  };

  const elementsUnder = (root) =>
    [...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? [e, ...elementsUnder(e.shadowRoot)] : [e]));

  // What was captured, clones included, to know what is still held open.
  const captured = [];
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const stream = await getUserMedia.call(this, constraints);
    captured.push(...stream.getTracks());
    return stream;
  };
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    if (captured.includes(this)) captured.push(copy);
    return copy;
  };

  // Frames are counted where they are shown: each video element from the moment it gets a source.
  const shown = new WeakMap();
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(stream) {
      if (this instanceof HTMLVideoElement && !shown.has(this)) {
        shown.set(this, 0);
        const count = () => {
          shown.set(this, shown.get(this) + 1);
          this.requestVideoFrameCallback(count);
        };
        this.requestVideoFrameCallback(count);
      }
      source.set.call(this, stream);
    },
  });
  const framesShown = (connection) => {
    const tracks = new Set(connection.getReceivers().map((receiver) => receiver.track));
    return elementsUnder(document)
      .filter((e) => e instanceof HTMLVideoElement && e.srcObject?.getVideoTracks().some((track) => tracks.has(track)))
      .reduce((total, e) => total + (shown.get(e) ?? 0), 0);
  };

  const selectedPair = (stats) => {
    const transport = [...stats.values()].find((s) => s.type === 'transport' && s.selectedCandidatePairId);
    const pair = transport
      ? stats.get(transport.selectedCandidatePairId)
      : [...stats.values()].find((s) => s.type === 'candidate-pair' && s.selected);
    if (!pair) return null;
    const local = stats.get(pair.localCandidateId);
    const remote = stats.get(pair.remoteCandidateId);
    return {
      local: local.candidateType,
      remote: remote.candidateType,
      protocol: local.protocol,
      relayProtocol: local.relayProtocol ?? null,
    };
  };

  window.parleyProbe = {
    connections,
    liveDevices: () => captured.filter((track) => track.readyState === 'live').length,
    async report() {
      const connection = connections.findLast((c) => c.connectionState !== 'closed');
      if (!connection) return null;
      const stats = await connection.getStats();
      const of = (type, kind) => [...stats.values()].filter((s) => s.type === type && s.kind === kind);
      const sum = (rows, field) => rows.reduce((total, row) => total + (row[field] ?? 0), 0);
      const video = of('inbound-rtp', 'video');
      const audio = of('inbound-rtp', 'audio');
      return {
        connectionState: connection.connectionState,
        pair: selectedPair(stats),
        framesShown: framesShown(connection),
        framesDecoded: sum(video, 'framesDecoded'),
        frameWidth: Math.max(0, ...video.map((row) => row.frameWidth ?? 0)),
        frameHeight: Math.max(0, ...video.map((row) => row.frameHeight ?? 0)),
        audioPacketsReceived: sum(audio, 'packetsReceived'),
        audioEnergy: sum(audio, 'totalAudioEnergy'),
        framesSent: sum(of('outbound-rtp', 'video'), 'framesSent'),
        audioPacketsSent: sum(of('outbound-rtp', 'audio'), 'packetsSent'),
      };
    },
  };
})();
