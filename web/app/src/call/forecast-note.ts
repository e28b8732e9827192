import type { Forecast } from '@parley/client';
import { html, nothing, type PropertyValues } from 'lit';
import { choices, choose, onChoices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import type { Nearness } from '../ui/pair.ts';
import { CallView } from './call-view.ts';
import '../ui/pair.ts';

/** What path the call will probably find, and what the other side learns by it, before anybody joins. */
export class ForecastNote extends CallView {
  static override properties = { ...CallView.properties, forecast: { state: true } };
  declare private forecast: Forecast | null;
  /** For what the last question was asked. */
  private asked = '';

  constructor() {
    super();
    this.forecast = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whenGone(onChoices(() => this.requestUpdate()));
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const now = `${this.call.signaling} ${choices().hideAddress}`;
    if (now === this.asked || this.call.signaling === 'offline') return;
    this.asked = now;
    void this.call.forecast().then((forecast) => {
      if (this.asked === now) this.forecast = forecast;
    });
  }

  protected override render() {
    const hidden = choices().hideAddress;
    const t = text.lobby.forecast;
    const seen = hidden && this.forecast !== 'blocked' ? 'hidden' : this.forecast;
    return html`
      <div class="forecast" role="status">
        ${
          seen
            ? html`
              <p-pair near=${nearness[seen]}></p-pair>
              <p><strong>${t[seen].title}</strong> <span class="soft">${t[seen].body}</span>
              ${seen === 'direct' || hidden ? html`<button class="link" @click=${this.toggle}>${hidden ? t.show : t.hide}</button>` : nothing}</p>
            `
            : nothing
        }
      </div>
    `;
  }

  private toggle() {
    const hideAddress = !choices().hideAddress;
    this.call.configure({ iceTransportPolicy: hideAddress ? 'relay' : 'all' });
    choose({ hideAddress });
  }
}

const nearness: Record<Forecast | 'hidden', Nearness> = {
  direct: 'joined',
  relay: 'near',
  hidden: 'near',
  blocked: 'parted',
};

customElements.define('forecast-note', ForecastNote);
