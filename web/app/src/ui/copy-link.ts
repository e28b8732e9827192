import { html, nothing, type TemplateResult } from 'lit';
import { text } from '../text/text.ts';
import { announce } from './announce.ts';
import { icon } from './icon.ts';
import { modal } from './modal.ts';
import { View } from './view.ts';

/** The link of the call: to read and select, to copy, to share, to scan. */
export class CopyLink extends View {
  static override properties = { link: {}, state: { state: true }, scanning: { state: true } };
  declare link: string;
  declare private state: 'ready' | 'copied' | 'failed';
  declare private scanning: boolean;
  private timer = 0;

  constructor() {
    super();
    this.link = '';
    this.state = 'ready';
    this.scanning = false;
    this.whenGone(() => clearTimeout(this.timer));
  }

  protected override render(): TemplateResult {
    const t = text.link;
    const shown = this.link.replace(/^https?:\/\//, '');
    return html`
      <span class="link-text" id="link-text">${shown}</span>
      <span class="link-ways">
        <button class="button link-copy" @click=${this.copy}>
          ${icon(this.state === 'copied' ? 'check' : 'copy')}
          <span>${this.state === 'copied' ? t.copied : t.copy}</span>
        </button>
        ${
          'share' in navigator
            ? html`<button class="round" aria-label=${t.share} data-tip=${t.share} @click=${this.share}>
                ${icon('share')}
              </button>`
            : nothing
        }
        <button class="round" aria-label=${t.qr} data-tip=${t.qr} @click=${this.scan}>${icon('qr')}</button>
      </span>
      ${this.state === 'failed' ? html`<p class="small soft">${t.copyFailed}</p>` : nothing}
      ${this.scanning ? this.qrSheet() : nothing}
    `;
  }

  private qrSheet(): TemplateResult {
    return modal(
      text.link.qrTitle,
      html`<qr-code .link=${this.link}></qr-code><p class="soft small">${text.link.qrHint}</p>`,
      () => (this.scanning = false),
    );
  }

  private async scan() {
    await import('./qr-code.ts');
    this.scanning = true;
  }

  private async share() {
    try {
      await navigator.share({ title: text.link.shareTitle, url: this.link });
    } catch (error) {
      // The person closed the share sheet; or it does not work here, and copying does.
      if (!(error instanceof DOMException) || error.name !== 'AbortError') await this.copy();
    }
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
