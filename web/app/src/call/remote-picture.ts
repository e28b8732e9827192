import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { initials } from '../format.ts';
import { choices, onChoices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { useSpeaker } from '../ui/speaker.ts';
import { CornerView } from './corner-view.ts';
import { frameRatio } from './frame.ts';
import '../ui/elapsed.ts';
import '../ui/pair.ts';

/** The other person: picture, sound, and what is to know about both. */
export class RemotePicture extends CornerView {
  static override properties = {
    ...CornerView.properties,
    silenced: { state: true },
    pictured: { state: true },
  };
  /** The browser does not let us play sound before the person touched the page. */
  declare private silenced: boolean;
  /** The first picture is here. */
  declare private pictured: boolean;

  constructor() {
    super();
    this.silenced = false;
    this.pictured = false;
  }

  protected override get whose(): string {
    return text.call.remote(this.call.remote.name);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(this);
    this.whenGone(() => observer.disconnect());
    this.whenGone(onChoices(() => this.requestUpdate()));
  }

  protected override render() {
    const { remote, state } = this.call;
    const shown = remote.video && this.pictured && !remote.cameraPaused;
    return html`
      <figure class="remote-frame" ?data-shared=${remote.screen !== null}>
        <audio class="remote-sound"></audio>
        ${remote.screen ? html`<video class="screen-video" playsinline aria-label=${text.call.remoteScreen(remote.name)} @resize=${this.fit}></video>` : nothing}
        <video
          class=${`remote-video ${shown ? '' : 'unseen'}`}
          playsinline
          .muted=${true}
          aria-label=${text.call.remote(remote.name)}
          @resize=${this.fit}
          @loadeddata=${this.fit}
        ></video>
        ${shown || remote.screen ? nothing : this.placeholder()}
        <figcaption class="remote-marks">
          ${remote.name && !this.small ? html`<span class="chip">${remote.name}</span>` : nothing}
          ${remote.screenPaused ? html`<span class="chip">${text.call.remoteScreenPaused}</span>` : nothing}
          ${remote.screen && remote.cameraPaused ? html`<span class="chip">${text.call.remotePaused}</span>` : nothing}
          ${remote.audio ? nothing : html`<span class="chip">${icon('micOff')} <span>${text.call.remoteMuted}</span></span>`}
        </figcaption>
        ${state.kind === 'reconnecting' ? this.reconnecting(state.since) : nothing}
      </figure>
      ${this.silenced ? this.tapToHear() : nothing}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { stream, screen } = this.call.remote;
    void this.play(this.video, stream);
    void this.play(this.sound, this.soundOf(stream));
    void this.play(this.screen, screen);
    this.fit();
  }

  private get video(): HTMLVideoElement | null {
    return this.querySelector('.remote-video');
  }

  private get screen(): HTMLVideoElement | null {
    return this.querySelector('.screen-video');
  }

  private get sound(): HTMLAudioElement | null {
    return this.querySelector('.remote-sound');
  }

  /** Their voice alone: a video element stays silent until its first picture, and whoever has no camera sends none. */
  private soundOf(stream: MediaStream | null): MediaStream | null {
    const [track] = stream?.getAudioTracks() ?? [];
    if (track !== this.voice?.getAudioTracks()[0]) this.voice = track ? new MediaStream([track]) : null;
    return this.voice;
  }

  private voice: MediaStream | null = null;

  private async play(element: HTMLMediaElement | null, stream: MediaStream | null) {
    if (!element) return;
    void useSpeaker(element, this.speaker);
    if (element.srcObject === stream) return;
    element.srcObject = stream;
    if (stream) await this.start(element);
  }

  /** The chosen one while it is there. Where the browser tells of none, it will say so when asked for it. */
  private get speaker(): string | null {
    const { speakerId } = choices();
    const { speakers } = this.call.local.devices;
    return speakers.length === 0 || speakers.some(({ deviceId }) => deviceId === speakerId)
      ? speakerId
      : null;
  }

  private async start(element: HTMLMediaElement) {
    try {
      await element.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // The pictures may move without sound until the person touches the page.
      this.silenced = true;
      element.muted = true;
      element.play().catch(() => {});
    }
  }

  private hear() {
    this.silenced = false;
    for (const element of [this.sound, this.screen]) {
      if (!element) continue;
      element.muted = false;
      void this.start(element);
    }
  }

  /** Gives the frame the shape of what is in it. */
  private fit() {
    if (this.clientHeight === 0) return;
    this.pictured = (this.video?.videoWidth ?? 0) > 0;
    const shown = this.screen ?? this.video;
    const area = this.clientWidth / this.clientHeight;
    const known = shown !== null && shown.videoWidth > 0;
    const picture = known ? shown.videoWidth / shown.videoHeight : area;
    this.style.setProperty('--ratio', frameRatio(picture, area, this.crop(area)).toFixed(4));
  }

  /** How much of the picture may be cut off to fill its place: more on a phone, where it would else be small. */
  private crop(area: number): number {
    if (this.screen) return 0;
    if (this.small) return 1;
    return area < 0.8 ? 0.62 : 0.28;
  }

  private placeholder(): TemplateResult {
    const { name, video, cameraPaused } = this.call.remote;
    const why = cameraPaused ? text.call.remotePaused : video ? null : text.call.remoteCameraOff(name);
    return html`
      <div class="absent">
        <span class="face">${initials(name) || icon('person')}</span>
        ${why ? html`<p>${why}</p>` : nothing}
      </div>
    `;
  }

  private reconnecting(since: number): TemplateResult {
    const t = text.call;
    return html`
      <div class="veil">
        <p-pair near="loose"></p-pair>
        <p class="veil-title">
          <elapsed-time .since=${since} .say=${(ms: number) => t.reconnecting(Math.floor(ms / 1000))}></elapsed-time>
        </p>
        <p>${this.call.remote.away ? t.peerAway : t.reconnectingBody}</p>
        <button class="button" @click=${() => this.call.retry()}>${t.retryNow}</button>
      </div>
    `;
  }

  private tapToHear(): TemplateResult {
    return html`
      <button class="tap-to-hear" @click=${this.hear}>
        ${icon('sound')}
        <span><strong>${text.call.tapToHear}</strong><br />${text.call.tapToHearHint}</span>
      </button>
    `;
  }
}

customElements.define('remote-picture', RemotePicture);
