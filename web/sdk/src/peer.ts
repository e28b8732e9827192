import type { Layout, PeerEvent } from './call-machine.ts';
import { isFirefox } from './firefox.ts';
import { HeldBack } from './held-back.ts';
import { parseJson } from './json.ts';
import type { Credentials } from './safety.ts';
import type { Sending } from './state.ts';
import type { CallStats } from './stats.ts';
import type { IceCandidate } from './wire.ts';

/** One peer connection. Everything that comes of it is told to the listener, and nothing after `close`. */
export interface Peer {
  makeOffer(restart: boolean, layout: Layout): void;
  makeAnswer(sdp: string, layout: Layout): void;
  acceptAnswer(sdp: string): void;
  addCandidate(candidate: IceCandidate): void;
  /** Of a warm one: media may flow, all channels are open, and the next gathering follows this policy. */
  admit(policy: RTCIceTransportPolicy): void;
  /** Servers for the next gathering. */
  configure(iceServers: readonly RTCIceServer[]): void;
  /** Sends, or drops what cannot be sent: the channel's opening tells when to start (again). */
  send(channel: TextChannel, data: string): void;
  setTrack(slot: LocalSlot, track: MediaStreamTrack | null): void;
  /** What flows; null from a closed connection. */
  stats(): Promise<CallStats | null>;
  /** The certificates of both sides; null before there is a connection. */
  credentials(): Promise<Credentials | null>;
  /** Stops media at once; what was sent last on the channels still goes out. */
  close(): void;
}

export type TextChannel = 'control' | 'chat';

/** Channels that others speak on. */
export type OwnChannel = 'files' | 'application';

/** Ours to fill. The order of the m-lines: audio, camera, screen, screen audio. */
export type LocalSlot = 'audio' | 'camera' | 'screen' | 'screenAudio';

export interface PeerListener {
  readonly onEvent: (event: PeerEvent) => void;
  readonly onChat: (data: string) => void;
  readonly onChatOpened: () => void;
  /** A channel that carries more than text is open. It ends with the peer. */
  readonly onChannel: (name: OwnChannel, channel: RTCDataChannel) => void;
  readonly onRemote: (remote: RemoteTracks) => void;
  /** How our own pictures are sent has changed. */
  readonly onSending: (sending: Sending) => void;
}

export interface RemoteTracks {
  readonly stream: MediaStream;
  /** Pictures arrive. */
  readonly video: boolean;
  /** For their screen and its sound, whether or not any is shared. */
  readonly screen: MediaStream;
}

export interface PeerConfiguration {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /**
   * Somebody is still in the lobby: until {@link Peer.admit} it goes through relays only, carries no media, and what comes
   * on channels other than control and heartbeat is kept.
   */
  readonly warm: boolean;
  /** Null: the browser makes one for this connection. */
  readonly certificate: RTCCertificate | null;
  readonly listener: PeerListener;
}

/** Loaded by itself; a call without it runs, knows less of its path, and hears of losses from the browser alone. */
export type NetworkPart = typeof import('./network.ts');

const mediaSlots: readonly { readonly slot: LocalSlot; readonly kind: 'audio' | 'video' }[] = [
  { slot: 'audio', kind: 'audio' },
  { slot: 'camera', kind: 'video' },
  { slot: 'screen', kind: 'video' },
  { slot: 'screenAudio', kind: 'audio' },
];

/** In characters. A description of a connection has some ten thousand. */
const maxControlLength = 64 * 1024;
/** Long enough for the last words to leave, short enough that nobody waits for it. */
const lastWordsMs = 250;

export class BrowserPeer implements Peer {
  readonly #connection: RTCPeerConnection;
  #policy: RTCIceTransportPolicy;
  #iceServers: readonly RTCIceServer[];
  /** What has to wait until both have joined; null: they have. */
  #held: HeldBack | null;
  readonly #certificates: { readonly certificates?: RTCCertificate[] };
  readonly #listener: PeerListener;
  readonly #network: Promise<NetworkPart | null>;
  readonly #transceivers = new Map<LocalSlot, RTCRtpTransceiver>();
  readonly #tracks = new Map<LocalSlot, MediaStreamTrack | null>();
  readonly #channels = new Map<TextChannel, RTCDataChannel>();
  /** Names the streams of our m-lines: picture and sound of one stream are kept in step by the other browser. */
  readonly #ownStream = new MediaStream();
  readonly #ownScreen = new MediaStream();
  readonly #remoteStream = new MediaStream();
  readonly #remoteScreen = new MediaStream();
  #unfollow: (() => void) | null = null;
  #closed = false;

  constructor(
    { iceServers, iceTransportPolicy, warm, certificate, listener }: PeerConfiguration,
    network: Promise<NetworkPart | null>,
  ) {
    this.#network = network;
    this.#policy = iceTransportPolicy;
    this.#iceServers = iceServers;
    this.#held = warm ? new HeldBack() : null;
    this.#certificates = certificate ? { certificates: [certificate] } : {};
    this.#listener = listener;
    this.#connection = new RTCPeerConnection(this.#configuration());
    this.#connection.onicecandidate = ({ candidate }) => this.#localCandidate(candidate);
    this.#connection.onicecandidateerror = ({ errorCode }) => this.#candidateError(errorCode);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
    this.#connection.ontrack = () => this.#collectRemote();
  }

  makeOffer(restart: boolean, layout: Layout): void {
    this.#run(async (connection) => {
      const part = await this.#network;
      if (layout === 'parley') this.#openChannels(part);
      if (this.#transceivers.size === 0) this.#addTransceivers(layout, part);
      // A Firefox (153) gives up the old path for a second restart, and loses DTLS with it.
      if (isFirefox && connection.remoteDescription) await this.#takeBack();
      await connection.setLocalDescription(await connection.createOffer({ iceRestart: restart }));
      return { type: 'offer-made', sdp: this.#localSdp() };
    });
  }

  makeAnswer(sdp: string, layout: Layout): void {
    this.#run(async (connection) => {
      // Said outright: not every browser takes an offer back by itself.
      await this.#takeBack();
      if (layout === 'parley') this.#openChannels(await this.#network);
      await connection.setRemoteDescription({ type: 'offer', sdp: await this.#eager(sdp) });
      await this.#adoptTransceivers();
      await connection.setLocalDescription();
      return { type: 'answer-made', sdp: this.#localSdp() };
    });
  }

  acceptAnswer(sdp: string): void {
    this.#run(async (connection) => {
      await connection.setRemoteDescription({ type: 'answer', sdp: await this.#eager(sdp) });
      this.#collectRemote();
      return { type: 'answer-accepted' };
    });
  }

  async addCandidate(candidate: IceCandidate): Promise<void> {
    await (await this.#network)?.whenDue(this.#connection, candidate);
    // A candidate that cannot be used (an address family we lack, a name nobody resolves, a generation just left)
    // is one path less, not an error.
    this.#connection.addIceCandidate(candidate).catch(() => undefined);
  }

  admit(policy: RTCIceTransportPolicy): void {
    const held = this.#held;
    this.#held = null;
    this.#policy = policy;
    this.#connection.setConfiguration(this.#configuration());
    for (const slot of this.#transceivers.keys()) void this.#fill(slot);
    held?.release();
  }

  configure(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    this.#connection.setConfiguration(this.#configuration());
  }

  send(channel: TextChannel, data: string): void {
    const open = this.#channels.get(channel);
    if (this.#held && channel !== 'control') return;
    if (open?.readyState === 'open') open.send(data);
  }

  setTrack(slot: LocalSlot, track: MediaStreamTrack | null): void {
    this.#tracks.set(slot, track);
    void this.#fill(slot);
    if (slot === 'screen') void this.#fill('camera');
  }

  async stats(): Promise<CallStats | null> {
    const part = await this.#network;
    if (this.#closed || !part) return null;
    return part.statsOf(this.#connection, this.#transceivers);
  }

  async credentials(): Promise<Credentials | null> {
    const { currentLocalDescription, currentRemoteDescription, sctp } = this.#connection;
    if (this.#closed || !currentLocalDescription || !currentRemoteDescription) return null;
    return {
      localSdp: currentLocalDescription.sdp,
      remoteSdp: currentRemoteDescription.sdp,
      // Not in every browser.
      remoteCertificate: sctp?.transport?.getRemoteCertificates?.()[0] ?? null,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unfollow?.();
    for (const { sender } of this.#transceivers.values()) sender.replaceTrack(null).catch(() => undefined);
    const connection = this.#connection;
    setTimeout(
      () => connection.close(),
      this.#channels.get('control')?.readyState === 'open' ? lastWordsMs : 0,
    );
  }

  #run(operation: (connection: RTCPeerConnection) => Promise<PeerEvent>): void {
    (this.#lost ? Promise.reject() : operation(this.#connection)).then(
      (event) => this.#tell(event),
      () => this.#tell({ type: 'operation-failed' }),
    );
  }

  async #takeBack(): Promise<void> {
    if (this.#connection.signalingState === 'have-local-offer')
      await this.#connection.setLocalDescription({ type: 'rollback' });
  }

  async #eager(sdp: string): Promise<string> {
    const part = await this.#network;
    return part ? part.withStartBitrate(sdp) : sdp;
  }

  #tell(event: PeerEvent): void {
    if (!this.#closed) this.#listener.onEvent(event);
  }

  // --- Media

  #addTransceivers(layout: Layout, part: NetworkPart | null): void {
    const slots = layout === 'parley' ? mediaSlots : mediaSlots.slice(0, 2);
    for (const { slot, kind } of slots) {
      const streams = [slot === 'audio' || slot === 'camera' ? this.#ownStream : this.#ownScreen];
      const transceiver = this.#connection.addTransceiver(kind, { direction: 'sendrecv', streams });
      part?.preferCodecs(transceiver);
      this.#transceivers.set(slot, transceiver);
      void this.#fill(slot);
    }
  }

  /** The m-lines are theirs; we fill those we know, each kind in its order. */
  async #adoptTransceivers(): Promise<void> {
    const part = await this.#network;
    const free = this.#connection
      .getTransceivers()
      .filter(({ currentDirection }) => currentDirection !== 'stopped');
    for (const { slot, kind } of mediaSlots) {
      const index = free.findIndex(({ receiver }) => receiver.track.kind === kind);
      const [transceiver] = index < 0 ? [] : free.splice(index, 1);
      if (!transceiver) continue;
      part?.preferCodecs(transceiver);
      this.#transceivers.set(slot, transceiver);
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(
        slot === 'audio' || slot === 'camera' ? this.#ownStream : this.#ownScreen,
      );
      await this.#fill(slot);
    }
    this.#collectRemote();
  }

  async #fill(slot: LocalSlot): Promise<void> {
    if (this.#held) return;
    // A textbook client takes one picture: there the screen stands in for the camera.
    const instead = slot === 'camera' && !this.#transceivers.has('screen') && this.#tracks.get('screen');
    const track = instead || (this.#tracks.get(slot) ?? null);
    const sender = this.#transceivers.get(slot)?.sender;
    // Refused only on a closed connection, where nothing is lost.
    if (sender && sender.track !== track) await sender.replaceTrack(track).catch(() => undefined);
  }

  #collectRemote(): void {
    if (this.#closed) return;
    for (const { slot } of mediaSlots) {
      const stream = slot === 'audio' || slot === 'camera' ? this.#remoteStream : this.#remoteScreen;
      const track = this.#transceivers.get(slot)?.receiver.track;
      if (!track || stream.getTracks().includes(track)) continue;
      stream.addTrack(track);
      for (const change of ['mute', 'unmute', 'ended'] as const)
        track.addEventListener(change, () => this.#collectRemote());
    }
    const [picture] = this.#remoteStream.getVideoTracks();
    this.#listener.onRemote({
      stream: this.#remoteStream,
      video: picture?.readyState === 'live' && !picture.muted,
      screen: this.#remoteScreen,
    });
  }

  // --- Channels

  #openChannels(part: NetworkPart | null): void {
    if (this.#channels.size > 0) return;
    const control = this.#connection.createDataChannel('control', { negotiated: true, id: 0 });
    const chat = this.#connection.createDataChannel('chat', { negotiated: true, id: 2 });
    this.#channels.set('control', control).set('chat', chat);
    control.onopen = () => this.#tell({ type: 'control-opened' });
    control.onclose = () => this.#tell({ type: 'control-closed' });
    control.onmessage = ({ data }) =>
      this.#tell({ type: 'control-message', data: parseJson(data, maxControlLength) });
    // Without it the browser's own verdict has to do.
    part?.openPulse(this.#connection, (event) => this.#tell(event));
    this.#onceOpen(chat, () => {
      chat.onmessage = ({ data }) => this.#closed || typeof data !== 'string' || this.#listener.onChat(data);
      this.#listener.onChatOpened();
    });
    for (const [id, name] of [
      [3, 'files'],
      [4, 'application'],
    ] as const) {
      // Files yield to everything else, where the browser knows how; TypeScript's library does not.
      const priority = name === 'files' ? 'very-low' : 'low';
      const channel = this.#connection.createDataChannel(name, { negotiated: true, id, priority } as object);
      this.#onceOpen(channel, () => this.#listener.onChannel(name, channel));
    }
  }

  /** Open, and both have joined. What comes before is not lost: the other side may know of it sooner. */
  #onceOpen(channel: RTCDataChannel, use: () => void): void {
    const usable = () => this.#closed || use();
    this.#held?.keep(channel, usable);
    channel.onopen = () => this.#held || usable();
  }

  // --- Connection

  #localCandidate(candidate: RTCIceCandidate | null): void {
    // The browser's own form of the last candidate is an empty one, where it has one at all, and then null.
    if (candidate?.candidate === '') return;
    const sdp = this.#connection.localDescription?.sdp ?? '';
    this.#tell({
      type: 'local-candidate',
      candidate: {
        candidate: candidate?.candidate ?? '',
        sdpMid: candidate ? candidate.sdpMid : (/^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0'),
        sdpMLineIndex: candidate ? candidate.sdpMLineIndex : 0,
        usernameFragment: candidate?.usernameFragment ?? /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null,
      },
    });
  }

  /** Codes of a server that answered, RFC 8656 section 19; 701 is the browser's own for no answer. */
  #candidateError(code: number): void {
    if (code >= 400 && code < 600) this.#tell({ type: 'relay-refused' });
  }

  /** A Firefox (153) that has failed sends nothing more, even where a restart of ICE finds a path. A lost DTLS is told in this way, too. */
  get #lost(): boolean {
    return isFirefox && this.#connection.connectionState === 'failed';
  }

  #connectionChanged(): void {
    const { connectionState } = this.#connection;
    // Where nobody has answered, the next operation will tell: without a network the next connection would fail at once.
    if (this.#lost) {
      if (this.#connection.remoteDescription) this.#tell({ type: 'operation-failed' });
      return;
    }
    if (connectionState === 'connected') void this.#followNetwork();
    else if (connectionState !== 'disconnected' && connectionState !== 'failed') return;
    this.#tell({ type: 'connection', state: connectionState });
  }

  #configuration(): RTCConfiguration {
    return {
      iceServers: [...this.#iceServers],
      iceTransportPolicy: this.#held ? 'relay' : this.#policy,
      bundlePolicy: 'max-bundle',
      ...this.#certificates,
    };
  }

  async #followNetwork(): Promise<void> {
    const part = await this.#network;
    if (part && !this.#closed)
      this.#unfollow ??= part.follow(this.#connection, this.#transceivers, this.#listener.onSending, (path) =>
        this.#tell({ type: 'path', path }),
      );
  }

  /** Without candidates: those travel on their own, and only once there is somebody to have them. */
  #localSdp(): string {
    const sdp = this.#connection.localDescription?.sdp ?? '';
    return sdp.replace(/^a=(candidate:|end-of-candidates).*\r\n/gm, '');
  }
}
