import { html, nothing } from 'lit';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { canFlip, flipButton } from './controls.ts';
import { CornerView } from './corner-view.ts';
import { preview } from './stream-directive.ts';

/** One's own picture. */
export class SelfView extends CornerView {
  protected override get whose(): string {
    return text.call.self;
  }

  protected override render() {
    const { local } = this.call;
    const pictured = local.camera.live && local.camera.enabled;
    return html`
      <video
        class=${local.facingMode === 'user' ? 'mirrored' : ''}
        ?hidden=${!pictured}
        playsinline
        aria-hidden="true"
        ${preview(pictured ? local.stream : null)}
      ></video>
      ${pictured ? nothing : html`<div class="self-off">${icon('cameraOff')}<span>${text.call.selfCameraOff}</span></div>`}
      ${local.microphone.enabled && local.microphone.live ? nothing : html`<span class="self-muted">${icon('micOff')}</span>`}
      ${canFlip(this.call) ? flipButton(this.call) : nothing}
    `;
  }
}

customElements.define('self-view', SelfView);
