import { html, nothing } from 'lit';
import { text } from '../text/text.ts';
import { localNetworkBlocked } from '../ui/permission.ts';
import { View } from '../ui/view.ts';

/** Says it where the browser keeps the page from the local network, and nothing elsewhere. */
export class LocalNetworkNote extends View {
  static override properties = { blocked: { state: true } };
  declare private blocked: boolean;

  constructor() {
    super();
    this.blocked = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void localNetworkBlocked().then((blocked) => (this.blocked = blocked));
  }

  protected override render() {
    return this.blocked ? html`<p class="small">${text.problem.localNetwork}</p>` : nothing;
  }
}

customElements.define('local-network-note', LocalNetworkNote);
