import { Call, CallError, type CallState, callStateName } from '@parley/client';
import type { OtherTab } from '@parley/client/other-tab';
import { html, nothing, type PropertyValues } from 'lit';
import { pathOf } from '../address.ts';
import { choices } from '../memory/choices.ts';
import { keepCall } from '../memory/recent.ts';
import type { Words } from '../text/en.ts';
import { text } from '../text/text.ts';
import { announce } from '../ui/announce.ts';
import { Late } from '../ui/late.ts';
import { arrival, playNotes } from '../ui/speaker.ts';
import { transition } from '../ui/transition.ts';
import type { AnyCall, MakeCall } from './any-call.ts';
import { CallView } from './call-view.ts';
import { endScreen } from './end.ts';
import type { Knock } from './knock.ts';
import type { CallNotices } from './notices.ts';
import { isFull, otherTabScreen, problemScreen } from './problem.ts';
import type { CallStage } from './stage.ts';
import './lobby.ts';

/** One visit of a room: makes the call, shows the screen of its state, says aloud what changed. */
export class RoomPage extends CallView {
  static override properties = {
    ...CallView.properties,
    room: {},
    otherTab: { state: true },
    knock: { state: true },
  };
  static makeCall: MakeCall = (options) => new Call(options);
  declare room: string;
  /** This browser has the call open elsewhere. */
  declare private otherTab: OtherTab | null;
  /** The room is full, and the person waits for a seat. */
  declare private knock: Knock | null;
  private stage: Late | null = null;
  private screen: string | null = null;
  private announced = '';
  private heard: { readonly audio: boolean; readonly screen: boolean; readonly paused: boolean } | null =
    null;
  private since: number | null = null;
  private name: string | null = null;

  override connectedCallback(): void {
    this.otherTab = null;
    this.knock = null;
    this.call = this.newCall();
    super.connectedCallback();
    // While the person looks into the mirror.
    this.stage = new Late(this, 'call-stage', () => import('./stage.ts'));
    void this.lookForOtherTab();
    this.whenGone(() => {
      this.knock?.end(null);
      this.call.close();
      delete document.documentElement.dataset.callState;
      delete document.documentElement.dataset.path;
    });
  }

  private async lookForOtherTab(): Promise<void> {
    const { findOtherTab } = await import('@parley/client/other-tab');
    const otherTab = await findOtherTab(this.room);
    if (!otherTab || !this.isConnected || this.call.state.kind !== 'lobby') return;
    this.otherTab = otherTab;
    announce(spokenWords(text.problem.otherTab));
  }

  /** The seat comes along; the devices are asked for here. */
  private useHere(): void {
    this.otherTab?.take();
    this.otherTab = null;
    this.call.close();
    this.call = this.newCall();
    this.listen();
    void this.call.local.start();
    this.call.join();
  }

  private newCall(): AnyCall {
    const { name, camera, microphone, cameraId, microphoneId, hideAddress, rememberContacts } = choices();
    return RoomPage.makeCall({
      room: this.room,
      ...(name && { name }),
      media: {
        camera,
        microphone,
        ...(cameraId && { cameraId }),
        ...(microphoneId && { microphoneId }),
      },
      iceTransportPolicy: hideAddress ? 'relay' : 'all',
      rememberContact: rememberContacts,
    });
  }

  protected override render() {
    const { call } = this;
    const { state } = call;
    const link = location.origin + pathOf(this.room);
    // Some extensions take it away, and so do the windows inside of some other apps.
    if (!('RTCPeerConnection' in window)) return problemScreen(unsupported, link, () => {});
    switch (state.kind) {
      case 'lobby':
        if (this.otherTab) return otherTabScreen(() => this.useHere());
        return html`<call-lobby .call=${call} .link=${link}></call-lobby>`;
      case 'ended':
        return endScreen(call, state.reason, this.name);
      case 'error':
        if (this.knock) return this.knock.screen();
        return problemScreen(state.error, link, () => void this.retry(), call);
      case 'joining':
        if (this.knock) return this.knock.screen();
        return this.inRoom(link);
      default:
        return this.inRoom(link);
    }
  }

  private inRoom(link: string) {
    return this.stage?.draw(html`<call-stage .call=${this.call} .link=${link}></call-stage>`) ?? nothing;
  }

  private async retry(): Promise<void> {
    const { state } = this.call;
    if (state.kind !== 'error' || !isFull(state.error)) return this.call.retry();
    const { Knock } = await import('./knock.ts');
    // Once, also for whoever taps twice.
    if (this.isConnected) this.knock ??= new Knock(this.call);
  }

  private async tellUnseen(): Promise<void> {
    await this.updateComplete;
    await this.querySelector<CallStage>('call-stage')?.updateComplete;
    this.querySelector<CallNotices>('call-notices')?.tell({ id: 'seat', words: text.seat.unseen });
  }

  // A new screen moves in; within a screen things change at once. So does the call when the other one is there already: while
  // a browser prepares to move things it shows nothing new, and their picture is waiting.
  protected override async scheduleUpdate(): Promise<void> {
    const screen = this.knock ? 'knock' : screenOf(this.call.state);
    const moves = this.screen !== null && this.screen !== screen && this.call.state.kind !== 'connected';
    this.screen = screen;
    if (!moves) {
      super.scheduleUpdate();
      return;
    }
    await transition(async () => {
      super.scheduleUpdate();
      // What is drawn draws its own parts a moment later.
      await new Promise((done) => setTimeout(done));
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { state, remote } = this.call;
    if (remote.name) this.name = remote.name;
    const outcome = this.knock?.follow(state);
    if (outcome) this.knock = null;
    if (outcome === 'unseen') void this.tellUnseen();
    if (state.kind === 'connected' && this.since === null) {
      // Where nothing may sound before a touch there is still the title.
      if (document.hidden) playNotes(arrival, choices().speakerId).catch(() => {});
      this.since = state.since;
      keepCall({ room: this.room, name: this.name, at: Date.now() });
    }
    if (state.kind === 'ended') this.since = null;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { dataset } = document.documentElement;
    const { state, path } = this.call;
    dataset.callState = callStateName(state);
    if (path && state.kind === 'connected') dataset.path = path;
    else delete dataset.path;
    document.title = this.knock ? text.title.seat : titleOf(state, this.name);
    this.speak();
  }

  /** Says aloud what somebody who sees the page sees change. */
  private speak(): void {
    const { state, remote } = this.call;
    const words = this.knock ? spokenWords(text.seat.waiting) : spoken(this.call, this.name);
    if (words && words !== this.announced) announce(words, state.kind === 'error');
    this.announced = words;

    const paused = remote.cameraPaused || remote.screenPaused;
    const now =
      state.kind === 'connected' ? { audio: remote.audio, screen: remote.screen !== null, paused } : null;
    const before = this.heard;
    this.heard = now;
    if (!now || !before) return;
    const { remoteMutedSpoken, remoteUnmutedSpoken, remoteShares, remoteStopsSharing } = text.call;
    const { remotePausedSpoken, remoteBackSpoken } = text.call;
    if (now.audio !== before.audio)
      announce((now.audio ? remoteUnmutedSpoken : remoteMutedSpoken)(remote.name));
    if (now.paused !== before.paused) announce((paused ? remotePausedSpoken : remoteBackSpoken)(remote.name));
    if (now.screen !== before.screen) announce((now.screen ? remoteShares : remoteStopsSharing)(remote.name));
  }
}

const unsupported = new CallError('unsupported-browser');

function screenOf({ kind }: CallState): string {
  switch (kind) {
    case 'joining':
    case 'waiting':
    case 'connecting':
      return 'meeting';
    case 'connected':
    case 'reconnecting':
      return 'together';
    default:
      return kind;
  }
}

/** For the tab among other tabs. */
function titleOf({ kind }: CallState, name: string | null): string {
  if (kind === 'waiting') return text.title.waiting;
  const together = kind === 'connected' || kind === 'reconnecting';
  return together && name ? `${name} · ${text.appName}` : text.title.room;
}

const spokenWords = ({ title, body }: Words) => `${title}. ${body}`;

function spoken(call: CallView['call'], name: string | null): string {
  const { state } = call;
  switch (state.kind) {
    case 'lobby':
      return '';
    case 'joining':
      return text.call.joining.title;
    case 'waiting':
      return spokenWords(text.call.waiting[state.reason]);
    case 'connecting':
      return text.call.connecting.title;
    case 'connected':
      return text.call.connectedSpoken(name);
    case 'reconnecting':
      return text.call.reconnectingSpoken;
    case 'ended':
      return text.end.title[state.reason](name);
    case 'error':
      return spokenWords(text.problem.call[state.error.reason]);
  }
}

customElements.define('room-page', RoomPage);
