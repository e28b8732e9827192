import { html } from 'lit';
import { View } from './view.ts';

/** Time since a moment, said in words of the owner's, renewed each second. */
export class ElapsedTime extends View {
  static override properties = { since: {}, say: { attribute: false } };
  /** Wall clock, ms. */
  declare since: number;
  declare say: (milliseconds: number) => unknown;

  override connectedCallback(): void {
    super.connectedCallback();
    const timer = setInterval(() => this.requestUpdate(), 1000);
    this.whenGone(() => clearInterval(timer));
  }

  protected override render() {
    return html`${this.say(Math.max(0, Date.now() - this.since))}`;
  }
}

customElements.define('elapsed-time', ElapsedTime);
