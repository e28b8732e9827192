import { html, nothing } from 'lit';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { CallView } from './call-view.ts';
import { canFlip, flipButton } from './controls.ts';
import { type Corner, cornerByKey, nearestCorner } from './frame.ts';
import { preview } from './stream-directive.ts';

/** One's own picture in a corner of the stage; moved to another corner by dragging or with the arrow keys. */
export class SelfView extends CallView {
  static override properties = { ...CallView.properties, corner: { reflect: true } };
  declare corner: Corner;
  private grip: { readonly x: number; readonly y: number } | null = null;

  constructor() {
    super();
    this.corner = 'bottom-right';
    this.addEventListener('pointerdown', (event) => this.take(event));
    this.addEventListener('pointermove', (event) => this.drag(event));
    this.addEventListener('pointerup', (event) => this.drop(event));
    this.addEventListener('pointercancel', () => this.settle());
    this.addEventListener('keydown', (event) => this.onKey(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', text.call.self);
    this.setAttribute('aria-description', text.call.selfMove);
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

  private take(event: PointerEvent) {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    this.grip = { x: event.clientX, y: event.clientY };
    this.setPointerCapture(event.pointerId);
    this.toggleAttribute('dragged', true);
  }

  private drag(event: PointerEvent) {
    if (!this.grip) return;
    this.style.translate = `${event.clientX - this.grip.x}px ${event.clientY - this.grip.y}px`;
  }

  private drop(event: PointerEvent) {
    const area = this.parentElement?.getBoundingClientRect();
    if (!this.grip || !area) return;
    const moved = Math.hypot(event.clientX - this.grip.x, event.clientY - this.grip.y);
    if (moved > 8) {
      this.corner = nearestCorner(
        (event.clientX - area.left) / area.width,
        (event.clientY - area.top) / area.height,
      );
    }
    this.settle();
  }

  private settle() {
    this.grip = null;
    this.toggleAttribute('dragged', false);
    this.style.translate = '';
  }

  private onKey(event: KeyboardEvent) {
    const corner = cornerByKey(this.corner, event.key);
    if (corner === this.corner) return;
    this.corner = corner;
    event.preventDefault();
  }
}

customElements.define('self-view', SelfView);
