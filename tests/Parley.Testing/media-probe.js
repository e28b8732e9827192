// Runs in every page before its own scripts: remembers the peer connections and data channels that the page makes, so that a test can ask them
// what arrives. `parleyProbeOptions`, set by an earlier script: `relayOver` narrows what ICE may use,
// `arrivals` writes down when frames and sound come, `plainSound` leaves redundant sound (RED) out of what is offered.
(() => {
  // A page without devices (about:blank, say) has no call either.
  if (!('MediaDevices' in window)) return;

  const Native = window.RTCPeerConnection;
  if (!Native || window.parleyProbe) return;
  const connections = [];
  const channels = [];
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
      if (options.arrivals) follow(this);
    }
    setConfiguration(configuration) {
      super.setConfiguration(narrowed(configuration));
    }
    createDataChannel(...all) {
      const channel = super.createDataChannel(...all);
      channels.push(channel);
      return channel;
    }
  };

  if (options.plainSound) {
    const { setCodecPreferences } = RTCRtpTransceiver.prototype;
    RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      setCodecPreferences.call(this, codecs.filter(({ mimeType }) => mimeType !== 'audio/red'));
    };
  }

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

  // When frames were shown and sound was played, for the gaps in between: wall clock, since tests compare it with their own.
  const arrivals = { frames: [], sound: [], events: [] };
  const now = () => Math.round(performance.timeOrigin + performance.now());
  const note = (times) => {
    times.push(now());
    if (times.length > 50_000) times.splice(0, 10_000);
  };
  // What the page and its connections went through meanwhile.
  const happened = (what) => arrivals.events.push(`${now()} ${what}`);
  const follow = (connection) => {
    for (const name of ['iceConnectionState', 'iceGatheringState', 'connectionState', 'signalingState'])
      connection.addEventListener(`${name.toLowerCase()}change`, () => happened(`${name} ${connection[name]}`));
    for (const name of ['setLocalDescription', 'setRemoteDescription']) {
      const set = connection[name].bind(connection);
      connection[name] = (d) => (happened(`${name} ${d?.type}`), set(d));
    }
    // Which way it goes: types of the two candidates, whenever they change.
    connection.addEventListener('connectionstatechange', () => {
      const ice = connection.sctp?.transport?.iceTransport;
      if (!ice || ice.onselectedcandidatepairchange) return;
      const told = () => {
        const pair = ice.getSelectedCandidatePair();
        happened(`pair ${pair?.local?.type} ${pair?.remote?.type}`);
      };
      ice.onselectedcandidatepairchange = told;
      told();
    });
    connection.addEventListener('icecandidate', ({ candidate }) => happened(`candidate ${candidate?.candidate ?? 'none'}`));
  };
  if (options.arrivals) {
    for (const name of ['online', 'offline']) addEventListener(name, () => happened(name));
    navigator.connection?.addEventListener('change', () => happened('network changed'));
    new MutationObserver(() => happened(document.documentElement.dataset.callState)).observe(document, {
      subtree: true,
      attributeFilter: ['data-call-state'],
    });
  }
  const received = () => new Set(connections.flatMap((c) => c.getReceivers().map((receiver) => receiver.track)));
  if (options.arrivals) {
    let last = '';
    setInterval(() => {
      const sources = connections
        .flatMap((c) => c.getReceivers())
        .filter((receiver) => receiver.track.kind === 'audio')
        .flatMap((receiver) => receiver.getSynchronizationSources())
        .map(({ source, rtpTimestamp }) => `${source} ${rtpTimestamp}`)
        .join();
      if (sources !== '' && sources !== last) note(arrivals.sound);
      last = sources;
    }, 20);
  }

  // Frames are counted where they are shown: each video element from the moment it gets a source.
  const shown = new WeakMap();
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(stream) {
      if (this instanceof HTMLVideoElement && !shown.has(this)) {
        shown.set(this, 0);
        let asked = 0;
        let countedAt = 0;
        const count = () => {
          countedAt = performance.now();
          shown.set(this, shown.get(this) + 1);
          if (options.arrivals && this.srcObject?.getTracks().some((track) => received().has(track))) note(arrivals.frames);
          asked = this.requestVideoFrameCallback(count);
        };
        // A request may get lost when the source changes: one that is not answered is made again.
        setInterval(() => {
          if (performance.now() - countedAt < 200) return;
          this.cancelVideoFrameCallback(asked);
          asked = this.requestVideoFrameCallback(count);
        }, 200);
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

  // A check may come before word of the candidate that sent it, and Firefox goes on to call that prflx.
  const typeAsTold = ({ candidateType, address, port }, { remoteDescription }) =>
    (candidateType === 'prflx' && remoteDescription?.sdp.match(`${address} ${port} typ (\\w+)`)?.[1]) || candidateType;

  const selectedPair = (stats, connection) => {
    const transport = [...stats.values()].find((s) => s.type === 'transport' && s.selectedCandidatePairId);
    const pair = transport
      ? stats.get(transport.selectedCandidatePairId)
      : [...stats.values()].find((s) => s.type === 'candidate-pair' && s.selected);
    if (!pair) return null;
    const local = stats.get(pair.localCandidateId);
    const remote = stats.get(pair.remoteCandidateId);
    return {
      local: local.candidateType,
      remote: typeAsTold(remote, connection),
      protocol: local.protocol,
      relayProtocol: local.relayProtocol ?? null,
    };
  };

  window.parleyProbe = {
    connections,
    channels,
    arrivals: (since) => ({
      frames: arrivals.frames.filter((at) => at >= since),
      sound: arrivals.sound.filter((at) => at >= since),
      events: arrivals.events.filter((event) => Number.parseInt(event, 10) >= since),
    }),
    liveDevices: () => captured.filter((track) => track.readyState === 'live').length,
    async report() {
      const connection = connections.findLast((c) => c.connectionState !== 'closed');
      if (!connection) return null;
      // Of one that is closed meanwhile a Firefox never gives them.
      const stats = await Promise.race([connection.getStats(), new Promise((resolve) => setTimeout(resolve, 5_000))]);
      if (!stats) return null;
      const of = (type, kind) => [...stats.values()].filter((s) => s.type === type && s.kind === kind);
      const sum = (rows, field) => rows.reduce((total, row) => total + (row[field] ?? 0), 0);
      const video = of('inbound-rtp', 'video');
      const audio = of('inbound-rtp', 'audio');
      return {
        connectionState: connection.connectionState,
        pair: selectedPair(stats, connection),
        framesShown: framesShown(connection),
        framesDecoded: sum(video, 'framesDecoded'),
        frameWidth: Math.max(0, ...video.map((row) => row.frameWidth ?? 0)),
        frameHeight: Math.max(0, ...video.map((row) => row.frameHeight ?? 0)),
        audioPacketsReceived: sum(audio, 'packetsReceived'),
        audioEnergy: sum(audio, 'totalAudioEnergy'),
        audioSamples: sum(audio, 'totalSamplesReceived'),
        audioSamplesConcealed: sum(audio, 'concealedSamples') - sum(audio, 'silentConcealedSamples'),
        framesSent: sum(of('outbound-rtp', 'video'), 'framesSent'),
        audioPacketsSent: sum(of('outbound-rtp', 'audio'), 'packetsSent'),
        estimate: Math.max(0, ...[...stats.values()].map((s) => s.availableOutgoingBitrate ?? 0)),
      };
    },
  };
})();
