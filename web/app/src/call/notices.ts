import type { MediaKind } from '@parley/client';
import { html, nothing, type PropertyValues } from 'lit';
import { choices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { watchLevel } from '../ui/level.ts';
import { CallView } from './call-view.ts';
import { openAgain, type Trouble, troubles } from './trouble.ts';
import { listen, quiet } from './voice.ts';

interface Notice {
  readonly id: string;
  readonly words: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays, ms; without, until it is closed or no longer true. */
  readonly forMs?: number;
}

/** What the person should know now, one thing at a time: devices in trouble, talking while muted. */
export class CallNotices extends CallView {
  static override properties = { ...CallView.properties, notice: { state: true } };
  declare private notice: Notice | null;
  private timer = 0;
  private watched: {
    readonly track: MediaStreamTrack;
    readonly muted: boolean;
    readonly stop: () => void;
  } | null = null;
  private trouble = '';
  private devices: Record<MediaKind, string | null> = { microphone: null, camera: null };

  constructor() {
    super();
    this.notice = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whenGone(() => {
      clearTimeout(this.timer);
      this.watched?.stop();
      this.watched = null;
    });
  }

  protected override render() {
    const { notice } = this;
    // The region is there before its words are, or a screen reader would miss them.
    return html`<div role="status">${notice ? this.shown(notice) : nothing}</div>`;
  }

  private shown({ id, words, action }: Notice) {
    return html`
      <div class="notice">
        <p>${words}</p>
        ${action ? html`<button class="button" @click=${action.run}>${action.label}</button>` : nothing}
        <button class="round small" aria-label=${text.close} @click=${() => this.hide(id)}>${icon('close')}</button>
      </div>
    `;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.watchVoice();
    this.tellTrouble();
    this.tellSwitch();
  }

  /** Tells something. What is told later takes the place of what was told before. */
  tell(notice: Notice): void {
    clearTimeout(this.timer);
    this.notice = notice;
    if (notice.forMs) this.timer = window.setTimeout(() => this.hide(notice.id), notice.forMs);
  }

  hide(id: string): void {
    if (this.notice?.id === id) this.notice = null;
  }

  private tellTrouble() {
    const found = troubles(this.call.local);
    const now = found.map(({ what, reason }) => `${what} ${reason}`).join();
    if (now === this.trouble) return;
    this.trouble = now;
    const first = found[0];
    if (first) this.tell(this.troubleNotice(first));
    else this.hide('trouble');
  }

  private troubleNotice({ what, reason }: Trouble): Notice {
    const { title, body } = text.problem.media[reason](what);
    return {
      id: 'trouble',
      words: `${title}. ${body}`,
      action: { label: text.lobby.tryAgain, run: () => void openAgain(this.call.local) },
    };
  }

  /** Says it when the browser took another device than the one chosen: something was plugged in or out. */
  private tellSwitch() {
    const { local } = this.call;
    const list = { microphone: local.devices.microphones, camera: local.devices.cameras };
    const chosen = { microphone: choices().microphoneId, camera: choices().cameraId };
    for (const kind of ['microphone', 'camera'] as const) {
      const { deviceId } = local[kind];
      const before = this.devices[kind];
      this.devices[kind] = deviceId;
      if (!before || !deviceId || before === deviceId || deviceId === chosen[kind]) continue;
      const label = list[kind].find((device) => device.deviceId === deviceId)?.label;
      if (label) this.tell({ id: 'switch', words: text.notices.switched(label), forMs: 6000 });
    }
  }

  private watchVoice() {
    const { local } = this.call;
    const track = local.stream.getAudioTracks()[0];
    const muted = !local.microphone.enabled;
    if (track === this.watched?.track && muted === this.watched?.muted) return;
    this.watched?.stop();
    this.watched = track ? { track, muted, stop: this.listenTo(track, muted) } : null;
    if (!muted) this.hide('muted');
  }

  private listenTo(track: MediaStreamTrack, muted: boolean): () => void {
    // A muted track carries silence, a clone of it has a switch of its own. What it hears stays here.
    const ear = track.clone();
    ear.enabled = true;
    let voice = quiet;
    const stop = watchLevel(ear, (heard) => {
      const [next, fact] = listen(voice, heard);
      voice = next;
      if (fact === 'talking' && muted) this.tellMuted();
      if (fact === 'talking' && !muted) this.hide('dead');
      if (fact === 'dead' && !muted) this.tell({ id: 'dead', words: text.notices.dead });
    });
    return () => {
      stop();
      ear.stop();
    };
  }

  private tellMuted() {
    this.tell({
      id: 'muted',
      words: text.notices.muted,
      action: { label: text.notices.unmute, run: () => void this.call.local.setMicrophoneEnabled(true) },
      forMs: 5000,
    });
  }
}

customElements.define('call-notices', CallNotices);
