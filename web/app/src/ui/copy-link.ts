import { html, nothing } from 'lit';
import { text } from '../text/text.ts';
import { announce } from './announce.ts';
import { icon } from './icon.ts';
import { View } from './view.ts';

/** The link of the call, to read, select and copy. */
export class CopyLink extends View {
  static override properties = { link: {}, state: { state: true } };
  declare link: string;
  declare private state: 'ready' | 'copied' | 'failed';
  private timer = 0;

  constructor() {
    super();
    this.link = '';
    this.state = 'ready';
    this.whenGone(() => clearTimeout(this.timer));
  }

  protected override render() {
    const shown = this.link.replace(/^https?:\/\//, '');
    return html`
      <span class="link-text" id="link-text">${shown}</span>
      <button class="button link-copy" @click=${this.copy}>
        ${icon(this.state === 'copied' ? 'check' : 'copy')}
        <span>${this.state === 'copied' ? text.link.copied : text.link.copy}</span>
      </button>
      ${this.state === 'failed' ? html`<p class="small soft">${text.link.copyFailed}</p>` : nothing}
    `;
  }

  private async copy() {
    clearTimeout(this.timer);
    try {
      await navigator.clipboard.writeText(this.link);
      this.state = 'copied';
      announce(text.link.copied);
      this.timer = window.setTimeout(() => (this.state = 'ready'), 2000);
    } catch {
      // No clipboard on an insecure page or without the permission: the person copies by hand, so select it for them.
      this.state = 'failed';
      announce(text.link.copyFailed);
      const shown = this.querySelector('#link-text');
      if (shown) getSelection()?.selectAllChildren(shown);
    }
  }
}

customElements.define('copy-link', CopyLink);
