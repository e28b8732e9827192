import { html, nothing, type TemplateResult } from 'lit';
import { choices, choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { devicesAllowed, onDevicesAllowed } from '../ui/permission.ts';
import { CallView } from './call-view.ts';
import { canFlip, deviceToggles, flipButton } from './controls.ts';
import { deviceChoice } from './device-choice.ts';
import { settingsSheet } from './settings.ts';
import { preview } from './stream-directive.ts';
import { openAgain, troubles } from './trouble.ts';
import { unblock } from './unblock.ts';
import '../ui/copy-link.ts';
import './forecast-note.ts';
import './test-sound.ts';

/** Before the call: see and hear oneself, choose devices, take the link along, join. */
export class CallLobby extends CallView {
  static override properties = {
    ...CallView.properties,
    link: {},
    asked: { state: true },
    heard: { state: true },
    settings: { state: true },
  };
  declare link: string;
  /** The browser was asked for the devices, or need not be. */
  declare private asked: boolean;
  declare private heard: boolean;
  declare private settings: boolean;

  constructor() {
    super();
    this.link = '';
    this.asked = false;
    this.heard = false;
    this.settings = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { camera, microphone } = this.call.local;
    this.whenGone(onDevicesAllowed(() => void this.ask()));
    this.asked = camera.live || microphone.live || camera.problem !== null || microphone.problem !== null;
    if (!this.asked)
      void devicesAllowed().then((allowed) => {
        if (allowed && this.isConnected) void this.ask();
      });
  }

  protected override render() {
    const t = text.lobby;
    return html`
      <main class="lobby">
        <section class="mirror">${this.mirror()}</section>
        <section class="place">
          <h1>${t.title}</h1>
          <p class="soft">${t.lead}</p>
          <p class="presence" role="status">${this.presence()}</p>
          <label class="name">
            <span>${t.name}</span>
            <input
              class="field"
              name="name"
              autocomplete="name"
              maxlength="60"
              enterkeyhint="done"
              placeholder=${t.namePlaceholder}
              .value=${choices().name}
              @change=${this.onName}
            />
          </label>
          <button class="button main wide join" @click=${this.join}>${t.join}</button>
          <forecast-note .call=${this.call}></forecast-note>
          <div class="share">
            <p class="small soft">${t.link}</p>
            <copy-link .link=${this.link}></copy-link>
          </div>
        </section>
        ${this.settings ? settingsSheet(this.call, () => (this.settings = false)) : nothing}
      </main>
    `;
  }

  private presence(): string {
    const { stage, name } = this.call.remote;
    return stage === 'call' ? text.lobby.here(name) : stage === 'lobby' ? text.lobby.alsoHere : '';
  }

  private mirror(): TemplateResult {
    const { local } = this.call;
    const pictured = local.camera.live && local.camera.enabled;
    const devices = deviceChoice(this.call);
    return html`
      <div class="mirror-frame" @heard=${this.onHeard}>
        <video
          class=${local.facingMode === 'user' ? 'mirrored' : ''}
          ?hidden=${!pictured}
          playsinline
          aria-label=${text.lobby.preview}
          ${preview(pictured ? local.stream : null)}
        ></video>
        ${pictured ? nothing : html`<div class="mirror-words">${this.words()}</div>`}
        ${
          this.asked
            ? html`<div class="mirror-bar">${deviceToggles(this.call)}
              ${canFlip(this.call) ? flipButton(this.call) : nothing}
              <button class="round" aria-label=${text.settings.title} data-tip=${text.settings.title} @click=${() => (this.settings = true)}>
                ${icon('settings')}
              </button></div>`
            : nothing
        }
      </div>
      <div class="hears small">${
        this.asked ? html`<p role="status">${this.hearing()}</p><test-sound></test-sound>` : nothing
      }</div>
      ${devices === nothing ? html`<div class="devices"></div>` : devices} ${pictured ? this.troubleNotes() : nothing}
    `;
  }

  /** What stands where the picture will be. */
  private words(): TemplateResult {
    const t = text.lobby;
    const { local } = this.call;
    if (local.starting) return html`<h2>${t.starting}</h2><p>${t.asking}</p>`;
    if (!this.asked) {
      return html`
        <h2>${t.askTitle}</h2>
        <p>${t.askBody}</p>
        <button class="button" @click=${this.ask}>${icon('camera')} ${t.ask}</button>
      `;
    }
    const trouble = troubles(local);
    if (trouble.length === 0) return html`<h2>${t.cameraIsOff}</h2>`;
    return html`${this.troubleNotes()}`;
  }

  private troubleNotes(): TemplateResult | typeof nothing {
    const found = troubles(this.call.local);
    if (found.length === 0) return nothing;
    return html`
      <div class="troubles" role="alert">
        ${found.map(({ what, reason }) => {
          const words = text.problem.media[reason](what);
          return html`<div><h2>${words.title}</h2>
            ${reason === 'blocked' ? unblock() : html`<p>${words.body}</p>`}</div>`;
        })}
        <button class="button" @click=${this.ask}>${icon('retry')} ${text.lobby.tryAgain}</button>
      </div>
    `;
  }

  private hearing(): string {
    const t = text.lobby;
    const { microphone, starting } = this.call.local;
    if (starting) return '';
    if (!microphone.enabled) return t.muted;
    if (!microphone.live) return t.noMicrophone;
    return this.heard ? t.heard : t.saySomething;
  }

  private onHeard() {
    this.heard = true;
  }

  private onName(event: Event) {
    const name = (event.target as HTMLInputElement).value.trim();
    choose({ name });
    this.call.configure({ name });
  }

  private async ask() {
    this.asked = true;
    await openAgain(this.call.local);
  }

  // Join is a tap, too: it may ask for the devices. Whoever says no sees why that matters, and joins without them. Where nobody
  // is asked nothing is waited for: a device may take long to start, or hang, and is sent when it is there.
  private async join() {
    if (!this.asked) {
      const allowed = await devicesAllowed();
      const asking = this.ask();
      const { local } = this.call;
      if (!allowed) {
        await asking;
        if (!local.camera.live && !local.microphone.live) return;
      }
    }
    this.call.join();
  }
}

customElements.define('call-lobby', CallLobby);
