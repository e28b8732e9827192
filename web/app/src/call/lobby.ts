import type { MediaKind } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { devicesAllowed } from '../ui/permission.ts';
import { CallView } from './call-view.ts';
import { deviceToggles } from './controls.ts';
import { preview } from './stream-directive.ts';
import { troubles } from './trouble.ts';
import '../ui/copy-link.ts';

/** Before the call: see and hear oneself, choose devices, take the link along, join. */
export class CallLobby extends CallView {
  static override properties = {
    ...CallView.properties,
    link: {},
    asked: { state: true },
    heard: { state: true },
  };
  declare link: string;
  /** The browser was asked for the devices, or need not be. */
  declare private asked: boolean;
  declare private heard: boolean;

  constructor() {
    super();
    this.link = '';
    this.asked = false;
    this.heard = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { camera, microphone } = this.call.local;
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
          <button class="button main wide join" @click=${this.join}>${t.join}</button>
          <div class="share">
            <p class="small soft">${t.link}</p>
            <copy-link .link=${this.link}></copy-link>
          </div>
        </section>
      </main>
    `;
  }

  private mirror(): TemplateResult {
    const { local } = this.call;
    const pictured = local.camera.live && local.camera.enabled;
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
        ${this.asked ? html`<div class="mirror-bar">${deviceToggles(this.call)}</div>` : nothing}
      </div>
      ${this.asked ? html`<p class="hears small" role="status">${this.hearing()}</p>` : nothing}
      ${this.deviceChoice()} ${pictured ? this.troubleNotes() : nothing}
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
          return html`<div><h2>${words.title}</h2><p>${words.body}</p></div>`;
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

  private deviceChoice(): TemplateResult | typeof nothing {
    const { devices, microphone, camera } = this.call.local;
    const known = [...devices.microphones, ...devices.cameras].some((device) => device.label !== '');
    if (!known) return nothing;
    return html`
      <div class="devices">
        ${this.choice('microphone', text.lobby.microphone, devices.microphones, microphone.deviceId)}
        ${this.choice('camera', text.lobby.camera, devices.cameras, camera.deviceId)}
      </div>
    `;
  }

  private choice(kind: MediaKind, label: string, devices: readonly MediaDeviceInfo[], chosen: string | null) {
    if (devices.length === 0) return nothing;
    return html`
      <label class="choice">
        ${icon(kind === 'camera' ? 'camera' : 'mic')}
        <span class="heard-only">${label}</span>
        <select @change=${(event: Event) => this.choose(kind, (event.target as HTMLSelectElement).value)}>
          ${devices.map(
            (device, i) => html`
              <option value=${device.deviceId} .selected=${device.deviceId === chosen}>
                ${device.label || text.lobby.unnamed(kind, i + 1)}
              </option>
            `,
          )}
        </select>
        ${icon('down')}
      </label>
    `;
  }

  private choose(kind: MediaKind, deviceId: string) {
    choose(kind === 'camera' ? { cameraId: deviceId } : { microphoneId: deviceId });
    void this.call.local.switchDevice({ kind, deviceId });
  }

  private onHeard() {
    this.heard = true;
  }

  private async ask() {
    this.asked = true;
    await this.call.local.start();
  }

  // Join is a tap, too: it may ask for the devices. Whoever says no sees why that matters, and joins without them.
  private async join() {
    if (!this.asked) {
      await this.ask();
      const { camera, microphone } = this.call.local;
      if (!camera.live && !microphone.live) return;
    }
    this.call.join();
  }
}

customElements.define('call-lobby', CallLobby);
