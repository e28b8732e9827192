import { html, nothing } from 'lit';
import { choices } from '../memory/choices.ts';
import { reportText } from '../text/report.ts';
import { text } from '../text/text.ts';
import { announce } from '../ui/announce.ts';
import { icon } from '../ui/icon.ts';
import { localNetworkBlocked } from '../ui/permission.ts';
import { View } from '../ui/view.ts';
import type { AnyCall } from './any-call.ts';
import { hadTrouble, historyOf } from './history.ts';
import { reportOf } from './report.ts';

/** After the call: how the way was, and where it had trouble a report to copy. Nothing is sent anywhere. */
export class CallReport extends View {
  static override properties = {
    call: { attribute: false },
    report: { state: true },
    copied: { state: true },
  };
  declare call: AnyCall;
  declare private report: string;
  declare private copied: boolean;

  constructor() {
    super();
    this.report = '';
    this.copied = false;
  }

  protected override render() {
    const { state } = this.call;
    const t = reportText();
    const history = historyOf(this.call);
    const { way, lost, weak } = history;
    const sentences = [way && t.way[way], lost > 0 && t.lost(lost), weak > 0 && t.weak].filter(Boolean);
    return html`
      ${state.kind === 'ended' && way ? html`<p class="soft">${sentences.join(t.space)}</p>` : nothing}
      ${hadTrouble(history, state) ? this.offer() : nothing}
    `;
  }

  private offer() {
    const t = reportText();
    return html`
      <div class="report">
        <button class="link small" @click=${this.copy}>${icon(this.copied ? 'check' : 'copy')} ${this.copied ? text.link.copied : t.copy}</button>
        ${this.report ? html`<pre class="small" role="group" tabindex="0" aria-label=${t.label}>${this.report}</pre>` : nothing}
        ${this.report ? html`<p class="small soft">${this.copied ? t.hint : t.byHand}</p>` : nothing}
      </div>
    `;
  }

  private async copy() {
    const { state, local } = this.call;
    this.report = reportOf({
      at: new Date(),
      state,
      history: historyOf(this.call),
      local,
      relayOnly: choices().hideAddress,
      localNetworkBlocked: await localNetworkBlocked(),
      userAgent: navigator.userAgent,
    });
    try {
      await navigator.clipboard.writeText(this.report);
      this.copied = true;
    } catch {
      // No clipboard on an insecure page or without the permission: the person copies by hand, so select it for them.
      await this.updateComplete;
      const shown = this.querySelector('pre');
      if (shown) getSelection()?.selectAllChildren(shown);
    }
    announce(this.copied ? text.link.copied : reportText().byHand);
  }
}

customElements.define('call-report', CallReport);
