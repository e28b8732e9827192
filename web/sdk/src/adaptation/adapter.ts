import type { LocalSlot } from '../peer.ts';
import type { Sending } from '../state.ts';
import { type Adaptation, adapt, type Effect, newAdaptation, passSilence, stepOf } from './controller.ts';
import type { Sent, Step } from './ladder.ts';
import { parametersFor, type Wish } from './parameters.ts';
import { type Reading, readSample } from './reading.ts';

const everyMs = 1_000;
/** The checks of a new path take no longer. */
const agreedMs = 2_000;
/** A first whole picture may be lost among what waited on the way, and is asked for again only after seconds. */
const secondWholeMs = 600;
/** By then ICE has taken notice, and checks the path several times a second (Chromium 156). */
const quietAfterMs = 1_000;

/** Looks at one peer connection once a second, and has its senders follow the network. */
export class Adapter {
  static readonly #all = new WeakMap<RTCPeerConnection, Adapter>();
  readonly #connection: RTCPeerConnection;
  readonly #transceivers: ReadonlyMap<LocalSlot, RTCRtpTransceiver>;
  readonly #onSending: (sending: Sending) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #state: Adaptation = newAdaptation(performance.now());
  #step: Step = stepOf(this.#state);
  #applying: Promise<void> = Promise.resolve();
  /** What each sender was last told. */
  readonly #applied = new Map<LocalSlot, string>();
  /** It refused to pause a picture with another codec: perhaps for that. */
  #keepsCodec = false;
  #reading: Reading | null = null;
  #looking = false;
  /** Since when nothing gets through, */
  #stalledAt: number | null = null;
  /** so that no picture is sent, */
  #held = false;
  /** and after a while no sound. */
  #quiet = false;
  /** When the two last agreed on how to go on. */
  #agreedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(
    connection: RTCPeerConnection,
    transceivers: ReadonlyMap<LocalSlot, RTCRtpTransceiver>,
    onSending: (sending: Sending) => void,
  ) {
    this.#connection = connection;
    this.#transceivers = transceivers;
    this.#onSending = onSending;
    Adapter.#all.set(connection, this);
    connection.addEventListener('signalingstatechange', () => {
      if (connection.signalingState !== 'stable') return;
      this.#agreedAt = performance.now();
      this.follow(this.#stalledAt !== null);
    });
    this.#timer = setInterval(() => void this.#look(), everyMs);
    void this.#look();
  }

  static of(connection: RTCPeerConnection): Adapter | undefined {
    return Adapter.#all.get(connection);
  }

  /**
   * Sends no picture over a path that is not there, and a whole one as soon as it is there again. Frames sent meanwhile would wait on this
   * side and arrive seconds late, and the other browser shows all that follow as much later (Chromium 156). But where the two have
   * just agreed on a new path the encoders go on: it will soon be there.
   *
   * Sound is the first sign that a path is there again, so it goes on for longer. But routers keep what they cannot deliver, and whoever
   * gets three seconds of sound at once plays them all, late, and the picture as late as the sound.
   */
  follow(stalled: boolean): void {
    const now = performance.now();
    const heardAgain = this.#stalledAt !== null && !stalled;
    this.#stalledAt = stalled ? (this.#stalledAt ?? now) : null;
    const held = stalled && now - this.#agreedAt > agreedMs;
    const whole = heardAgain && !this.#held;
    const quiet =
      held && this.#reading?.countsTransport === true && now - (this.#stalledAt ?? now) > quietAfterMs;
    if (heardAgain) setTimeout(() => void this.#apply(true), secondWholeMs);
    if (held === this.#held && quiet === this.#quiet && !whole) return;
    this.#held = held;
    this.#quiet = quiet;
    void this.#apply(whole);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // On a busy device a report may take longer than its turn.
    if (this.#looking || this.#connection.connectionState !== 'connected') return;
    this.#looking = true;
    try {
      const before = this.#reading;
      const reading = readSample(await this.#connection.getStats(), this.#sent(), before);
      if (this.#stopped) return;
      this.#reading = reading;
      if (reading.received > 0 && reading.received === before?.received) {
        this.#state = passSilence(this.#state, performance.now());
        return;
      }
      const [state, effects] = adapt(this.#state, reading.sample, performance.now());
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
      // Also what a new track needs, and what could not be set before.
      await this.#apply();
    } finally {
      this.#looking = false;
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.#step = effect.step;
        return;
      case 'tell':
        return this.#onSending(effect.sending);
      default:
        return effect satisfies never;
    }
  }

  #sent(): Sent {
    const has = (slot: LocalSlot) => this.#transceivers.get(slot)?.sender.track?.readyState === 'live';
    if (has('screen')) return has('camera') ? 'both' : 'screen';
    return has('camera') ? 'camera' : 'sound';
  }

  /** One after the other: a browser refuses parameters that were read before others were set. */
  #apply(whole = false): Promise<void> {
    this.#applying = this.#applying.then(() => this.#applyNow(whole));
    return this.#applying;
  }

  async #applyNow(whole: boolean): Promise<void> {
    const { sound, camera, screen } = this.#step;
    const picture = this.#transceivers.get('camera')?.sender.track;
    if (picture?.contentHint === '') picture.contentHint = 'motion';
    await Promise.all([
      this.#set('audio', { sound: this.#quiet ? null : sound }, false),
      this.#set('camera', { picture: camera, held: this.#held, behind: this.#state.sent === 'both' }, whole),
      this.#set('screen', { picture: screen, held: this.#held, behind: false }, whole),
    ]);
  }

  /**
   * @param whole With a whole picture at once, where the browser knows the option: one that has missed frames cannot go on from what came
   * before, and asks for a whole one only every three seconds (Chromium 156).
   */
  async #set(slot: LocalSlot, wish: Wish, whole: boolean): Promise<void> {
    const sender = this.#transceivers.get(slot)?.sender;
    const { track } = sender ?? {};
    if (!sender || !track) return;
    const settings = track.getSettings();
    const key = JSON.stringify([wish, settings.width, settings.height, track.contentHint]);
    if (this.#applied.get(slot) === key && !whole) return;
    try {
      const parameters = parametersFor(sender.getParameters(), wish, {
        settings,
        contentHint: track.contentHint,
        keepsCodec: this.#keepsCodec,
      });
      const options = whole ? { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) } : {};
      await sender.setParameters(parameters, options as RTCSetParameterOptions);
      this.#applied.set(slot, key);
    } catch {
      // Refused while the connection is being negotiated anew, and once it is closed: the next look tries again.
      if ('picture' in wish && !wish.picture) this.#keepsCodec = true;
    }
  }
}
