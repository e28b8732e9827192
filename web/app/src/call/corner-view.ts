import type { PropertyValues } from 'lit';
import { text } from '../text/text.ts';
import { CallView } from './call-view.ts';
import { type Corner, cornerByKey, nearestCorner } from './frame.ts';

/** Further than this, in pixels, a touch is a drag and no tap. */
const slip = 8;

/**
 * One of the two pictures of a call. While it is the small one it lies in a corner of the stage: dragging it or the arrow
 * keys choose another (`corner`, with the corner as its detail), a tap or Enter asks to swap the two (`swap`).
 */
export abstract class CornerView extends CallView {
  static override properties = {
    ...CallView.properties,
    small: { type: Boolean, reflect: true },
    corner: { reflect: true },
  };
  declare small: boolean;
  declare corner: Corner;
  private grip: { readonly x: number; readonly y: number } | null = null;

  constructor() {
    super();
    this.small = false;
    this.corner = 'bottom-right';
    this.addEventListener('pointerdown', (event) => this.take(event));
    this.addEventListener('pointermove', (event) => this.drag(event));
    this.addEventListener('pointerup', (event) => this.drop(event));
    this.addEventListener('pointercancel', () => this.settle());
    this.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** Whose picture it is, for those who do not see it. */
  protected abstract get whose(): string;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const spoken = {
      tabindex: '0',
      role: 'group',
      'aria-label': this.whose,
      'aria-description': text.call.corners,
    };
    for (const [name, value] of Object.entries(spoken)) {
      if (this.small) this.setAttribute(name, value);
      else this.removeAttribute(name);
    }
  }

  private take(event: PointerEvent) {
    if (!this.small || event.button !== 0 || (event.target as Element).closest('button')) return;
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
    const { grip } = this;
    if (!grip || !area) return;
    this.settle();
    const { clientX, clientY } = event;
    if (Math.hypot(clientX - grip.x, clientY - grip.y) <= slip) this.dispatchEvent(new Event('swap'));
    else this.moveTo(nearestCorner((clientX - area.left) / area.width, (clientY - area.top) / area.height));
  }

  private settle() {
    this.grip = null;
    this.toggleAttribute('dragged', false);
    this.style.translate = '';
  }

  private onKey(event: KeyboardEvent) {
    if (!this.small || event.target !== this) return;
    const corner = cornerByKey(this.corner, event.key);
    if (corner !== this.corner) this.moveTo(corner);
    else if (event.key === 'Enter') this.dispatchEvent(new Event('swap'));
    else return;
    event.preventDefault();
  }

  private moveTo(corner: Corner) {
    this.dispatchEvent(new CustomEvent('corner', { detail: corner }));
  }
}
