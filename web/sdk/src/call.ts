import { ApplicationData, type DataOutcome } from './application-data.ts';
import {
  type Effect,
  type Event,
  type Machine,
  newMachine,
  step,
  type Timer,
  viewOf,
} from './call-machine.ts';
import type { CallEnvironment, CallEvents, CallOptions, PageChange } from './call-options.ts';
import {
  type Chat,
  type ChatEvent,
  chat,
  keptChat,
  maxChatLength,
  newChat,
  storedChat,
  typingData,
} from './chat.ts';
import { Emitter } from './emitter.ts';
import { FilesDoor } from './files/door.ts';
import type { CallFiles } from './files/types.ts';
import type { Forecast } from './forecast.ts';
import { DeviceMedia } from './media.ts';
import type { LocalMedia } from './media-types.ts';
import type { LocalSlot, Peer, RemoteTracks } from './peer.ts';
import { Ration } from './ration.ts';
import { nobody, remoteOf, sameFields } from './remote.ts';
import type { Identity, OpenIdentity, SafetyState } from './safety.ts';
import { type LocalScreen, type ScreenOutcome, ScreenShare } from './screen.ts';
import type { Signaling } from './signaling.ts';
import {
  type CallState,
  type ChatMessage,
  type ConnectionPath,
  type RemoteParticipant,
  type Sending,
  unhindered,
} from './state.ts';
import type { CallStats } from './stats.ts';
import type { Remembered, TabMemory } from './tab-memory.ts';

/** A page that went away in mid-call and is back within this was reloaded. */
const reloadMs = 60_000;

const typingEveryMs = 2_000;

interface Chosen {
  name: string | undefined;
  iceTransportPolicy: RTCIceTransportPolicy;
}

/** A call for two, over adapters for everything outside. {@link Call} is the one for browsers. */
export class CallOver {
  readonly room: string;
  readonly #chosen: Chosen;
  readonly #environment: CallEnvironment;
  readonly #events = new Emitter<CallEvents>();
  readonly #signaling: Signaling;
  readonly #memory: TabMemory;
  readonly #local: DeviceMedia;
  readonly #screen: ScreenShare;
  readonly #files = new FilesDoor(() => this.#events.emit('files', this.files.list));
  readonly #data = new ApplicationData((data) => this.#events.emit('data', data));
  readonly #tracks = new Map<LocalSlot, MediaStreamTrack | null>();
  readonly #timers = new Map<Timer, ReturnType<typeof setTimeout>>();
  readonly #endPage: () => void;
  readonly #waiting: Event[] = [];
  #machine: Machine;
  #chat: Chat;
  readonly #chatRation = new Ration(1_000, 20, Date.now());
  /** A negotiation is some dozens of messages at once, and then silence. */
  readonly #controlRation = new Ration(1_000, 50, Date.now());
  #dropped = 0;
  #typedAt = 0;
  #typingEnd: ReturnType<typeof setTimeout> | null = null;
  #peer: Peer | null = null;
  #remoteTracks: RemoteTracks | null = null;
  #state: CallState = { kind: 'lobby' };
  #remote: RemoteParticipant = nobody;
  #path: ConnectionPath | null = null;
  #sending = unhindered;
  #busy = false;
  /** The page is on its way out, perhaps to be back. */
  #leavingPage = false;
  #closed = false;
  #recording = false;
  #remembered: Remembered | null;
  #identity: Identity | null = null;
  #safety: SafetyState = { kind: 'none' };
  /** What the server said while the certificate was being prepared: no connection is made without it. */
  #held: Event[] | null = null;

  constructor(options: CallOptions, environment: CallEnvironment) {
    this.room = options.room;
    const chosen: Chosen = {
      name: options.name,
      iceTransportPolicy: options.iceTransportPolicy ?? 'all',
    };
    this.#chosen = chosen;
    this.#environment = environment;
    this.#memory = environment.memory(options.room);
    const remembered = this.#memory.read();
    this.#remembered = remembered;
    this.#machine = newMachine({
      instance: environment.newId(),
      resume: remembered?.resume ?? null,
      warmUp: options.warmUp !== false,
      connectWithinMs: options.connectWithinMs ?? 30_000,
      giveUpAfterMs: options.giveUpAfterMs ?? 180_000,
    });
    this.#chat = newChat(environment.newId(), remembered ? keptChat(this.#memory.readChat()) : null);
    this.#signaling = environment.openSignaling({
      serverUrl: options.serverUrl,
      room: options.room,
      get name() {
        return chosen.name || undefined;
      },
      onEvent: (event) => this.#fromServer(event),
    });
    if (environment.openIdentity) void this.#openIdentity(environment.openIdentity, options);
    const switches = remembered && { microphone: remembered.microphone, camera: remembered.camera };
    this.#local = new DeviceMedia({ ...options.media, ...switches }, environment.media, {
      onChange: () => this.#localChanged(),
      onTrack: (kind, track) => this.#setTrack(kind === 'camera' ? 'camera' : 'audio', track),
    });
    this.#screen = new ScreenShare(environment.screen, {
      onChange: () => {
        this.#localChanged();
        this.#events.emit('screen', this.screen);
      },
      onTrack: (slot, track) => this.#setTrack(slot, track),
    });
    this.#endPage = environment.onPage((change) => this.#pageChanged(change));
    const reloaded = remembered?.goneAt != null && Date.now() - remembered.goneAt < reloadMs;
    if (reloaded && options.rejoin !== false) void this.#rejoin();
    // In a tab that was in a call, somebody else may still hold the seat that joining takes back.
    else if (!remembered && options.warmUp !== false) this.#dispatch({ type: 'arrive' });
  }

  get state(): CallState {
    return this.#state;
  }

  get local(): LocalMedia {
    return this.#local;
  }

  /** Our own screen, while it is shared. */
  get screen(): LocalScreen {
    return this.#screen.view;
  }

  /** How our own pictures are sent: they follow the network, and the sound comes first. */
  get sending(): Sending {
    return this.#sending;
  }

  get remote(): RemoteParticipant {
    return this.#remote;
  }

  get messages(): readonly ChatMessage[] {
    return this.#chat.messages;
  }

  /** Files on their way, in both directions. */
  get files(): CallFiles {
    return this.#files;
  }

  /** How many messages of the other side were dropped, on any channel, because they were malformed, too large, or a flood. */
  get dropped(): number {
    return this.#dropped + this.#chat.dropped + this.#data.dropped + this.#files.dropped;
  }

  get path(): ConnectionPath | null {
    return this.#path;
  }

  /** Whether the server hears us. A running call goes on without it: worth a small dot, no more. */
  get signaling(): 'online' | 'offline' {
    return this.#machine.signaling === 'joined' ? 'online' : 'offline';
  }

  /** Whether it is proved who is at the other end. */
  get safety(): SafetyState {
    return this.#safety;
  }

  /** The two people have compared the safety code. No effect while there is none. */
  confirmSafety(match: boolean): void {
    this.#identity?.confirm(match);
  }

  /** Forgets what is remembered of the other side, and shows another certificate from the next connection on. */
  async forgetContact(): Promise<void> {
    await this.#identity?.forget();
  }

  /** Listens to one event; the result ends it. */
  on<Name extends keyof CallEvents>(name: Name, listener: (payload: CallEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Changes what was chosen when the call was made. The name counts from the next `join()` on, the policy from the next
   * connection on: both are for the lobby.
   */
  configure(change: Pick<CallOptions, 'name' | 'iceTransportPolicy' | 'rememberContact'>): void {
    const { rememberContact, ...chosen } = change;
    Object.assign(this.#chosen, chosen);
    if (rememberContact !== undefined) void this.#identity?.setRemember(rememberContact);
  }

  /** Enters the room. Needs no device: without any, the person sees, hears and writes. No effect outside the lobby. */
  join(): void {
    this.#dispatch({ type: 'join' });
  }

  /** Ends the call for both. */
  hangUp(): void {
    this.#dispatch({ type: 'hang-up' });
  }

  /** Tries again after `error` or `ended`, or at once while `reconnecting`. */
  retry(): void {
    // The devices were let go when the call ended.
    if (this.#state.kind === 'ended') void this.#local.start();
    this.#dispatch({ type: 'retry' });
  }

  /**
   * Sends a chat message, or keeps it until there is a connection.
   * @throws RangeError for blank text and for more than {@link maxChatLength} characters.
   */
  sendMessage(text: string): ChatMessage {
    if (text.trim() === '' || text.length > maxChatLength)
      throw new RangeError(`a chat message has 1 to ${maxChatLength} characters`);
    this.#chatEvent({ type: 'write', text });
    // With the message the other side takes the mark away: the next keystroke sets it again at once.
    this.#typedAt = 0;
    // The one that was just written.
    return this.#chat.messages.at(-1) as ChatMessage;
  }

  /** The other person is writing a message right now. */
  get typing(): boolean {
    return this.#typingEnd !== null;
  }

  /** Tells the other side that this person is writing. Call it on every keystroke: it is said every two seconds at most. */
  setTyping(): void {
    if (Date.now() - this.#typedAt < typingEveryMs) return;
    this.#typedAt = Date.now();
    this.#peer?.send('chat', typingData);
  }

  /**
   * Sends something of the page's own to the page at the other end, which hears it as the event `data`. Nothing is kept: what
   * cannot go now does not go.
   * @throws RangeError for more than {@link maxDataBytes} bytes.
   */
  sendData(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): DataOutcome {
    return this.#data.send(data);
  }

  /**
   * Asks the person for a screen, a window or a tab and shares it beside the camera, with its sound where the browser has
   * it. In place of what is shared already. Never rejects; must be called from a click.
   */
  shareScreen(): Promise<ScreenOutcome> {
    return this.#screen.start();
  }

  stopSharing(): void {
    this.#screen.stop();
  }

  /** Tells the other side that this side records the call, or no longer does. The recording is the caller's. */
  setRecording(recording: boolean): void {
    this.#recording = recording;
    this.#localChanged();
  }

  /** What the call is doing right now; null while there is no connection. */
  stats(): Promise<CallStats | null> {
    return this.#peer?.stats() ?? Promise.resolve(null);
  }

  /**
   * What path a call from here will probably find; null until the server has said which relays there are. It asks the
   * relays themselves, so not more often than there is a reason.
   */
  forecast(): Promise<Forecast | null> {
    const iceServers = this.#machine.seat?.iceServers ?? [];
    return this.#environment.forecast(iceServers, this.#chosen.iceTransportPolicy);
  }

  /** Leaves without ending the call for the other side, and lets go of devices and connections for good. */
  close(): void {
    this.#endPage();
    this.#closed = true;
    this.#dispatch({ type: 'close' });
    this.#local.close();
    this.#screen.stop();
  }

  async #rejoin(): Promise<void> {
    if (!(await this.#memory.alone()) || this.#closed || this.#state.kind !== 'lobby') return;
    void this.#local.start();
    this.join();
  }

  // --- The loop: events in, one at a time; effects out

  #dispatch(event: Event): void {
    this.#waiting.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const online = this.signaling;
        const [machine, effects] = step(this.#machine, next, Date.now());
        this.#machine = machine;
        for (const effect of effects) this.#carryOut(effect);
        if (this.signaling !== online) this.#events.emit('signaling', this.signaling);
        this.#show();
      }
    } finally {
      this.#busy = false;
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'open-signaling':
        return this.#signaling.open();
      case 'renew-signaling':
        return this.#signaling.renew(effect.atOnce);
      case 'leave-and-close-signaling':
        return this.#signaling.close();
      case 'join-room':
        return this.#signaling.join(effect.resume, effect.lobby);
      case 'send-signaling':
        return this.#signaling.send(effect.data);
      case 'forget-signaling':
        return this.#signaling.forget();
      case 'send-control':
        return this.#peer?.send('control', JSON.stringify(effect.data));
      case 'open-peer':
        return this.#openPeer(effect);
      case 'admit-peer':
        return this.#peer?.admit(this.#chosen.iceTransportPolicy);
      case 'configure-peer':
        return this.#peer?.configure(effect.iceServers);
      case 'close-peer':
        return this.#closePeer();
      case 'make-offer':
        return this.#peer?.makeOffer(effect.restart, effect.layout);
      case 'make-answer':
        return this.#peer?.makeAnswer(effect.sdp, effect.layout);
      case 'accept-answer':
        return this.#peer?.acceptAnswer(effect.sdp);
      case 'add-candidate':
        return this.#peer?.addCandidate(effect.candidate);
      case 'set-timer':
        clearTimeout(this.#timers.get(effect.timer));
        this.#timers.set(
          effect.timer,
          setTimeout(() => this.#dispatch({ type: 'timer', timer: effect.timer }), effect.ms),
        );
        return;
      case 'clear-timer':
        return clearTimeout(this.#timers.get(effect.timer));
      default:
        effect satisfies never;
    }
  }

  #openPeer({ session, iceServers, warm }: Extract<Effect, { type: 'open-peer' }>): void {
    const peer = this.#environment.openPeer({
      iceServers,
      warm,
      iceTransportPolicy: this.#chosen.iceTransportPolicy,
      certificate: this.#identity?.certificate ?? null,
      listener: {
        onEvent: (event) => {
          if (event.type === 'control-message' && !this.#takes(this.#controlRation, event.data !== null))
            return;
          if (this.#peer !== peer || !this.#identity?.hear(peer, event))
            this.#dispatch({ session, ...event });
        },
        onChat: (data) => this.#chatCame(data),
        onChatOpened: () => this.#chatEvent({ type: 'opened' }),
        onChannel: (name, channel) => {
          if (this.#peer !== peer) return;
          if (name === 'files') return this.#files.connect(channel);
          this.#data.connect(channel);
          this.#events.emit('dataopen', true);
        },
        onRemote: (tracks) => {
          if (this.#peer !== peer) return;
          this.#remoteTracks = tracks;
          this.#show();
        },
        onSending: (sending) => this.#peer === peer && this.#showSending(sending),
      },
    });
    this.#peer = peer;
    for (const [slot, track] of this.#tracks) peer.setTrack(slot, track);
  }

  #closePeer(): void {
    this.#peer?.close();
    this.#peer = null;
    this.#files.connect(null);
    if (this.#data.open) this.#events.emit('dataopen', false);
    this.#data.connect(null);
    this.#remoteTracks = null;
    this.#showSending(unhindered);
    this.#identity?.close();
  }

  // --- Who is at the other end

  async #openIdentity(open: OpenIdentity, { room, rememberContact = true }: CallOptions): Promise<void> {
    const held: Event[] = [];
    this.#held = held;
    try {
      this.#identity = await open({
        room,
        remember: rememberContact,
        onChange: (safety) => {
          if (safety.kind === 'none' && this.#safety.kind === 'none') return;
          this.#safety = safety;
          this.#events.emit('safety', safety);
        },
      });
    } catch {
      // Its part of the code could not be loaded, or the browser makes no certificate: a call without a code.
    } finally {
      this.#held = null;
      for (const event of held) this.#dispatch(event);
    }
  }

  /** There is no seat, and so no connection, before there is a certificate for it. */
  #fromServer(event: Event): void {
    if (this.#held && (this.#held.length > 0 || event.type === 'joined')) this.#held.push(event);
    else this.#dispatch(event);
  }

  // --- What the page sees

  #show(): void {
    const state = viewOf(this.#machine);
    const remote = remoteOf(this.#machine.session, this.#machine, this.#remoteTracks);
    if (!sameFields(remote, this.#remote)) {
      this.#remote = remote;
      this.#events.emit('remotemedia', remote);
    }
    const { session } = this.#machine;
    this.#showPath(session?.warm ? null : (session?.path ?? null));
    this.#remember();
    if (sameFields(state, this.#state)) return;
    this.#state = state;
    this.#files.over = state.kind === 'ended';
    // The camera's light goes out with the call.
    if (state.kind === 'ended' || (state.kind === 'error' && state.error.reason === 'replaced'))
      this.#stopMedia();
    this.#events.emit('state', state);
  }

  #stopMedia(): void {
    this.#local.stop();
    this.#screen.stop();
    this.setRecording(false);
  }

  #setTrack(slot: LocalSlot, track: MediaStreamTrack | null): void {
    this.#tracks.set(slot, track);
    this.#peer?.setTrack(slot, track);
  }

  /** Everything a reload needs, for as long as there is a call to come back to. */
  #remember(): void {
    const { phase, seat } = this.#machine;
    if (this.#leavingPage) return;
    if (phase.kind === 'ended' || (phase.kind === 'error' && phase.error.reason === 'replaced')) {
      if (this.#remembered) this.#memory.clear();
      this.#remembered = null;
    } else if (phase.kind === 'in-room' && seat?.resume) {
      const { microphone, camera } = this.#local;
      const remembered = {
        resume: seat.resume,
        microphone: microphone.enabled,
        camera: camera.enabled,
        goneAt: null,
      };
      if (this.#remembered && sameFields(remembered, this.#remembered)) return;
      this.#remembered = remembered;
      this.#memory.write(remembered);
    }
  }

  #showPath(path: ConnectionPath | null): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#events.emit('path', path);
  }

  #showSending(sending: Sending): void {
    if (sending === this.#sending) return;
    this.#sending = sending;
    this.#localChanged();
    this.#events.emit('sending', sending);
  }

  #localChanged(): void {
    const { cameraPaused, screenPaused } = this.#sending;
    const media = {
      audio: this.#local.microphone.live,
      video: this.#local.camera.live,
      screen: this.screen.stream !== null,
      recording: this.#recording,
      cameraPaused,
      screenPaused,
    };
    if (!sameFields(media, this.#machine.local)) this.#dispatch({ type: 'local-media', media });
    this.#remember();
    this.#events.emit('localmedia', this.#local);
  }

  /** Whether a message of the other side is to be looked at; counts those that are not. */
  #takes(ration: Ration, sound = true): boolean {
    const takes = sound && ration.take(Date.now());
    if (!takes) this.#dropped++;
    return takes;
  }

  #chatCame(data: string): void {
    // Not confirmed, so it comes again on the next connection.
    if (!this.#takes(this.#chatRation)) return;
    if (data === typingData) return this.#showTyping(true);
    this.#chatEvent({ type: 'received', data });
  }

  #showTyping(typing: boolean): void {
    const before = this.typing;
    clearTimeout(this.#typingEnd ?? undefined);
    this.#typingEnd = typing ? setTimeout(() => this.#showTyping(false), 2 * typingEveryMs) : null;
    if (typing !== before) this.#events.emit('typing', typing);
  }

  #chatEvent(event: ChatEvent): void {
    const before = this.#chat.messages;
    const [chatAfter, sent] = chat(this.#chat, event, Date.now());
    if (chatAfter !== this.#chat && this.#remembered) this.#memory.writeChat(storedChat(chatAfter));
    this.#chat = chatAfter;
    for (const data of sent) this.#peer?.send('chat', data);
    const { messages } = chatAfter;
    if (messages === before) return;
    const last = messages.at(-1);
    if (last && last.id !== before.at(-1)?.id) {
      if (last.from === 'peer') this.#showTyping(false);
      this.#events.emit('message', last);
    }
    this.#events.emit('messages', messages);
  }

  #pageChanged(change: PageChange): void {
    switch (change) {
      case 'gone':
        if (this.#machine.phase.kind !== 'in-room') return;
        if (this.#remembered) this.#memory.write({ ...this.#remembered, goneAt: Date.now() });
        this.#leavingPage = true;
        return this.#dispatch({ type: 'close' });
      case 'restored':
        if (!this.#leavingPage) return;
        this.#leavingPage = false;
        return this.retry();
      case 'resumed':
        return this.#dispatch({ type: 'page-resumed' });
      case 'network-changed':
        return this.#dispatch({ type: 'network-changed' });
      default:
        change satisfies never;
    }
  }
}
