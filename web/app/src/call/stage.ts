import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { choices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { announce } from '../ui/announce.ts';
import { canFillScreen, fillsScreen, toggleFullScreen } from '../ui/full-screen.ts';
import { icon } from '../ui/icon.ts';
import { onKeys } from '../ui/keys.ts';
import { Late } from '../ui/late.ts';
import { modal } from '../ui/modal.ts';
import { transition } from '../ui/transition.ts';
import { keepScreenOn } from '../ui/wake-lock.ts';
import { bar, canShare } from './bar.ts';
import { CallView } from './call-view.ts';
import { type Command, commandRows } from './commands.ts';
import { deviceChoice } from './device-choice.ts';
import { takeFiles } from './file-drop.ts';
import type { Corner } from './frame.ts';
import { meeting } from './meeting.ts';
import type { CallNotices } from './notices.ts';
import { canFloat, stopFloating, toggleFloating } from './picture-in-picture.ts';
import type { Recording } from './recorder.ts';
import { offerSession } from './session.ts';
import { shortcutsSheet } from './shortcuts.ts';
import { StatsWatch } from './stats-watch.ts';
import { statuses } from './statuses.ts';
import './notices.ts';
import './remote-picture.ts';
import './call-report.ts';
import './self-view.ts';
import './test-sound.ts';

/** The call itself: the other person's picture, one's own, the controls, the chat. */
export class CallStage extends CallView {
  static override properties = {
    ...CallView.properties,
    link: {},
    chatting: { state: true },
    sheet: { state: true },
    alone: { state: true },
    swapped: { state: true },
    corner: { state: true },
    idle: { state: true },
    details: { state: true },
    safety: { state: true },
    recording: { state: true },
    dropping: { state: true },
  };
  declare link: string;
  declare private chatting: boolean;
  declare private sheet: 'more' | 'shortcuts' | 'details' | 'safety' | null;
  /** One's own picture is hidden. */
  declare private alone: boolean;
  /** One's own picture is to be the large one. */
  declare private swapped: boolean;
  /** Where the small picture lies. */
  declare private corner: Corner;
  /** Nobody touched anything for a while in full screen: the bar steps aside. */
  declare private idle: boolean;
  declare private details: typeof import('./details.ts').details | null;
  declare private safety: typeof import('./safety.ts').safety | null;
  declare private recording: Recording | null;
  /** Files hang over the page. */
  declare private dropping: boolean;
  /** Messages and offers of theirs that have been on the screen. */
  private seen = 0;
  private kindSince = { kind: '', at: 0 };
  private talkingByKey = false;
  private chat: Late | null = null;
  private releaseScreen: (() => void) | null = null;
  private idleTimer = 0;
  private stats: StatsWatch | null = null;

  constructor() {
    super();
    this.link = '';
    this.chatting = false;
    this.sheet = null;
    this.alone = false;
    this.swapped = false;
    this.corner = 'bottom-right';
    this.idle = false;
    this.details = null;
    this.safety = null;
    this.recording = null;
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whoever has just joined looks at the other one first.
    this.chat = new Late(this, 'chat-panel', () => import('./chat-panel.ts'));
    this.seen = this.theirs;
    const redraw = () => this.requestUpdate();
    this.stats = new StatsWatch(this.call, redraw);
    const awake = () => this.stayAwake();
    document.addEventListener('fullscreenchange', redraw);
    for (const name of ['pointermove', 'pointerdown', 'keydown']) addEventListener(name, awake);
    this.whenGone(() => {
      document.removeEventListener('fullscreenchange', redraw);
      for (const name of ['pointermove', 'pointerdown', 'keydown']) removeEventListener(name, awake);
      clearTimeout(this.idleTimer);
      this.stats?.stop();
      this.stats = null;
      void this.stopRecording();
      this.releaseScreen?.();
      this.releaseScreen = null;
      void stopFloating();
      if (fillsScreen()) void toggleFullScreen();
    });
    this.whenGone(onKeys({ down: (key) => this.keyDown(key), up: (key) => this.keyUp(key) }));
    this.whenGone(
      takeFiles(
        (files) => this.offerFiles(files),
        (over) => (this.dropping = over),
      ),
    );
    this.whenGone(this.call.on('files', () => this.filesChanged()));
    this.whenGone(offerSession(this.call, () => this.float()));
    this.whenGone(
      this.call.on('message', (message) => {
        if (message.from === 'peer' && !this.chatting)
          announce(text.chat.spoken(this.call.remote.name, message.text));
      }),
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { kind } = this.call.state;
    if (kind !== this.kindSince.kind) this.kindSince = { kind, at: Date.now() };
    if (this.chatting) this.seen = this.theirs;
    if (!this.together) return;
    this.releaseScreen ??= keepScreenOn();
  }

  protected override render(): TemplateResult {
    const { call } = this;
    return html`
      <main class="stage" ?data-chatting=${this.chatting} ?data-idle=${this.idle}>
        <div class="picture">
          ${this.pictures()}
          <div class="above">
            ${statuses(
              call,
              this.recording,
              () => void this.stopRecording(),
              () => void this.openSafety(),
            )}
            <call-notices .call=${call}></call-notices>
          </div>
        </div>
        ${this.chatting ? this.chat?.draw(html`<chat-panel id="chat" .call=${call} @close=${this.closeChat}></chat-panel>`) : nothing}
        ${bar(call, {
          chatting: this.chatting,
          unread: this.theirs - this.seen,
          onChat: () => this.toggleChat(),
          onMore: () => (this.sheet = 'more'),
          onShare: () => void this.toggleShare(),
          quality: this.stats?.quality.level ?? 'good',
          onDetails: () => void this.openDetails(),
          onSafety: () => void this.openSafety(),
        })}
        ${keyed(this.sheet, this.sheets())}
        ${this.dropping ? html`<div class="drop"><p>${icon('clip')} ${text.chat.dropFiles}</p></div>` : nothing}
      </main>
    `;
  }

  /** Theirs and one's own, or what stands where theirs will be. */
  private pictures(): TemplateResult {
    const { call, corner, swaps } = this;
    const themSmall = swaps && this.swapped;
    const move = ({ detail }: CustomEvent<Corner>) => (this.corner = detail);
    const swap = () => void this.swap();
    return html`
      ${
        this.together
          ? html`<remote-picture .call=${call} .small=${themSmall} .corner=${corner} @corner=${move} @swap=${swap}></remote-picture>`
          : meeting(call, this.link, this.kindSince.at)
      }
      ${
        this.alone
          ? this.showSelf()
          : html`<self-view .call=${call} .small=${!themSmall} .corner=${corner} @corner=${move} @swap=${swap}></self-view>`
      }
    `;
  }

  /** A shared screen stays large, and so does what tells of a connection that is lost. */
  private get swaps(): boolean {
    return this.call.state.kind === 'connected' && this.call.remote.screen === null && !this.alone;
  }

  private async swap() {
    if (!this.swaps) return;
    const moved = this.querySelector('[small]') === document.activeElement;
    await transition(async () => {
      this.swapped = !this.swapped;
      await this.updateComplete;
      // The pictures follow in an update of their own.
      await new Promise((done) => setTimeout(done));
    });
    if (moved) this.querySelector<HTMLElement>('[small]')?.focus();
  }

  private sheets(): TemplateResult | typeof nothing {
    const { sheet } = this;
    // The news that a sheet was closed may come when the next one is open.
    const close = () => {
      if (this.sheet === sheet) this.sheet = null;
    };
    switch (sheet) {
      case 'more':
        return modal(
          text.controls.more,
          html`
            ${deviceChoice(this.call)}
            <p class="small"><test-sound></test-sound></p>
            ${commandRows(this.commands())}
          `,
          close,
        );
      case 'shortcuts':
        return shortcutsSheet(this.commands(), close);
      case 'details':
        return modal(
          text.details.title,
          html`${this.stats && this.details ? this.details(this.stats, this.call.sending) : nothing}`,
          close,
        );
      case 'safety':
        return modal(text.safety.title, html`${this.safety ? this.safety(this.call) : nothing}`, close);
      case null:
        return nothing;
    }
  }

  private showSelf(): TemplateResult {
    return html`
      <button class="round show-self" aria-label=${text.commands.showSelf} data-tip=${text.commands.showSelf} @click=${() => (this.alone = false)}>
        ${icon('person')}
      </button>
    `;
  }

  private commands(): readonly Command[] {
    const { local } = this.call;
    const several = local.devices.cameras.length > 1;
    return [
      { id: 'microphone', icon: 'mic', key: 'm', inMenu: false, run: () => this.press('mic') },
      { id: 'camera', icon: 'camera', key: 'v', inMenu: false, run: () => this.press('camera') },
      { id: 'chat', icon: 'chat', key: 'c', inMenu: false, run: () => this.toggleChat() },
      ...(canShare()
        ? [
            {
              id: 'share',
              icon: 'screen',
              key: 's',
              inMenu: false,
              run: () => void this.toggleShare(),
            } as const,
          ]
        : []),
      ...(several
        ? [{ id: 'flip', icon: 'retry', inMenu: true, run: () => void local.flipCamera() } as const]
        : []),
      this.alone
        ? { id: 'showSelf', icon: 'person', key: 'h', inMenu: true, run: () => this.setAlone(false) }
        : { id: 'hideSelf', icon: 'person', key: 'h', inMenu: true, run: () => this.setAlone(true) },
      ...(this.swaps
        ? [{ id: 'swap', icon: 'swap', key: 'x', inMenu: true, run: () => void this.swap() } as const]
        : []),
      ...(canFillScreen()
        ? [
            {
              id: 'fullScreen',
              icon: 'full',
              key: 'f',
              inMenu: true,
              pressed: fillsScreen(),
              run: () => void toggleFullScreen(),
            } as const,
          ]
        : []),
      ...(canFloat() && this.together
        ? [{ id: 'float', icon: 'float', key: 'p', inMenu: true, run: () => this.float() } as const]
        : []),
      ...(this.together ? this.connectedCommands() : []),
      { id: 'shortcuts', icon: 'keys', key: '?', inMenu: true, run: () => (this.sheet = 'shortcuts') },
    ];
  }

  private connectedCommands(): readonly Command[] {
    const record: Command = this.recording
      ? { id: 'stopRecording', icon: 'record', inMenu: true, run: () => void this.stopRecording() }
      : { id: 'record', icon: 'record', inMenu: true, run: () => void this.record() };
    return [
      ...('MediaRecorder' in window ? [record] : []),
      { id: 'safety', icon: 'shield', inMenu: true, run: () => void this.openSafety() },
      { id: 'details', icon: 'bars', key: 'i', inMenu: true, run: () => void this.openDetails() },
    ];
  }

  private keyDown(key: string): boolean {
    if (this.sheet || !choices().shortcuts) return false;
    const { local } = this.call;
    if (key === ' ') {
      if (local.microphone.enabled) return false;
      this.talkingByKey = true;
      void local.setMicrophoneEnabled(true);
      return true;
    }
    if (key === 'escape' && this.chatting) {
      this.closeChat();
      return true;
    }
    const command = this.commands().find((candidate) => candidate.key === key);
    command?.run();
    return command !== undefined;
  }

  private keyUp(key: string) {
    if (key !== ' ' || !this.talkingByKey) return;
    this.talkingByKey = false;
    void this.call.local.setMicrophoneEnabled(false);
  }

  /** As if the button in the bar were pressed: with all that this button does. */
  private press(name: 'mic' | 'camera') {
    this.querySelector<HTMLElement>(`.controls [data-icon="${name}"]`)?.click();
  }

  private setAlone(alone: boolean) {
    this.alone = alone;
  }

  private float() {
    const video = this.querySelector<HTMLVideoElement>('.remote-video');
    if (video) void toggleFloating(this.call, video);
  }

  private async toggleShare() {
    const { call } = this;
    if (call.screen.stream) return call.stopSharing();
    const outcome = await call.shareScreen();
    if (outcome !== 'shared' && outcome !== 'cancelled') this.tell(text.notices.share[outcome]);
  }

  private async openDetails() {
    this.details ??= (await import('./details.ts')).details;
    this.sheet = 'details';
  }

  private async openSafety() {
    this.safety ??= (await import('./safety.ts')).safety;
    this.sheet = 'safety';
  }

  private async record() {
    const { record } = await import('./recorder.ts');
    const name = `Parley ${new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.')}`;
    const recording = await record(this.call, name);
    if (!recording) return;
    if (!this.isConnected) return recording.stop();
    this.recording = recording;
    this.call.setRecording(true);
  }

  private async stopRecording() {
    const { recording } = this;
    if (!recording) return;
    this.recording = null;
    this.call.setRecording(false);
    await recording.stop();
  }

  private tell(words: string) {
    this.querySelector<CallNotices>('call-notices')?.tell({ id: 'stage', words, forMs: 8000 });
  }

  private stayAwake() {
    this.idle = false;
    clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => {
      const busy = this.sheet !== null || this.chatting || this.querySelector('.bar :focus-visible') !== null;
      this.idle = fillsScreen() && !busy;
    }, 3000);
  }

  private get together(): boolean {
    const { kind } = this.call.state;
    return kind === 'connected' || kind === 'reconnecting';
  }

  private get theirs(): number {
    const { messages, files } = this.call;
    const offers = files.list.filter(({ direction }) => direction === 'receiving');
    return messages.filter((message) => message.from === 'peer').length + offers.length;
  }

  private offerFiles(files: readonly File[]) {
    this.chatting = true;
    this.call.files.offer(files);
  }

  /** Says aloud, and shows where the chat is closed, which files came up and which have arrived. */
  private filesChanged() {
    for (const { id, direction, name, state } of this.call.files.list) {
      if (direction !== 'receiving' || (state.kind !== 'offered' && state.kind !== 'done')) continue;
      if (this.toldFiles.get(id) === state.kind) continue;
      this.toldFiles.set(id, state.kind);
      const { offers, arrived } = text.files;
      const words = state.kind === 'done' ? arrived(name) : offers(this.call.remote.name, name);
      announce(words);
      if (!this.chatting) this.tell(words);
    }
  }

  private readonly toldFiles = new Map<string, 'offered' | 'done'>();

  private toggleChat() {
    if (this.chatting) this.closeChat();
    else this.chatting = true;
  }

  private closeChat() {
    this.chatting = false;
    this.querySelector<HTMLElement>('.controls [data-icon="chat"]')?.focus();
  }
}

customElements.define('call-stage', CallStage);
