import type { Layout } from '../call-machine.ts';
import type { LocalSlot, Peer, PeerConfiguration, TextChannel } from '../peer.ts';
import { ModelConnection } from './model-connection.ts';

/** Peer connections within one process: two that agree are connected, and their channels deliver. */
export class FakeNetwork {
  readonly peers: FakePeer[] = [];

  open = (configuration: PeerConfiguration): FakePeer => {
    const peer = new FakePeer(`c${this.peers.length}`, configuration, this);
    this.peers.push(peer);
    return peer;
  };

  partnerOf(peer: FakePeer): FakePeer | undefined {
    return this.peers.find(
      (other) => other !== peer && !other.closed && other.connection.agreesWith(peer.connection),
    );
  }

  /** Tells those that now agree. */
  settle(): void {
    for (const peer of this.peers) if (!peer.closed && !peer.linked && this.partnerOf(peer)) peer.link();
  }
}

export class FakePeer implements Peer {
  readonly connection: ModelConnection;
  readonly configuration: PeerConfiguration;
  readonly tracks = new Map<LocalSlot, MediaStreamTrack | null>();
  readonly #network: FakeNetwork;
  admitted: boolean;
  policy: RTCIceTransportPolicy;
  linked = false;
  closed = false;

  constructor(name: string, configuration: PeerConfiguration, network: FakeNetwork) {
    this.connection = new ModelConnection(name);
    this.configuration = configuration;
    this.admitted = !configuration.warm;
    this.policy = configuration.warm ? 'relay' : configuration.iceTransportPolicy;
    this.#network = network;
  }

  makeOffer(restart: boolean, _layout: Layout): void {
    const { onEvent } = this.configuration.listener;
    this.#later(() => onEvent({ type: 'offer-made', sdp: this.connection.makeOffer(restart) }));
  }

  makeAnswer(sdp: string, _layout: Layout): void {
    const { onEvent } = this.configuration.listener;
    this.#later(() => onEvent({ type: 'answer-made', sdp: this.connection.makeAnswer(sdp) }));
  }

  acceptAnswer(sdp: string): void {
    this.#later(() => {
      this.connection.acceptAnswer(sdp);
      this.configuration.listener.onEvent({ type: 'answer-accepted' });
      this.#network.settle();
    });
  }

  addCandidate(): void {}

  configure(): void {}

  admit(policy: RTCIceTransportPolicy): void {
    this.admitted = true;
    this.policy = policy;
  }

  send(channel: TextChannel, data: string): void {
    const partner = this.linked ? this.#network.partnerOf(this) : undefined;
    queueMicrotask(() => {
      if (!partner || partner.closed) return;
      const { onEvent, onChat } = partner.configuration.listener;
      if (channel === 'chat') onChat(data);
      else onEvent({ type: 'control-message', data: JSON.parse(data) });
    });
  }

  setTrack(slot: LocalSlot, track: MediaStreamTrack | null): void {
    this.tracks.set(slot, track);
  }

  stats(): Promise<null> {
    return Promise.resolve(null);
  }

  credentials(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): void {
    this.closed = true;
  }

  link(): void {
    this.linked = true;
    const { onEvent, onChatOpened, onRemote } = this.configuration.listener;
    onRemote({ stream: {} as MediaStream, video: true, screen: {} as MediaStream });
    onEvent({ type: 'connection', state: 'connected' });
    onEvent({ type: 'path', path: 'direct' });
    onEvent({ type: 'control-opened' });
    onChatOpened();
  }

  #later(work: () => void): void {
    queueMicrotask(() => {
      if (!this.closed) work();
    });
  }
}
