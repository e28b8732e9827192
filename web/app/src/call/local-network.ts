import { html, nothing } from 'lit';
import { text } from '../text/text.ts';
import { localNetworkBlocked } from '../ui/permission.ts';
import { View } from '../ui/view.ts';

/** Says it where the browser keeps the page from the local network, and `otherwise` where it does not or nobody knows. */
export class LocalNetworkNote extends View {
  static override properties = { otherwise: {}, blocked: { state: true } };
  declare otherwise: string;
  declare private blocked: boolean;

  constructor() {
    super();
    this.otherwise = '';
    this.blocked = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void localNetworkBlocked().then((blocked) => (this.blocked = blocked));
  }

  protected override render() {
    if (this.blocked) return html`<p class="small">${text.problem.localNetwork}</p>`;
    return this.otherwise ? html`<p class="small soft">${this.otherwise}</p>` : nothing;
  }
}

customElements.define('local-network-note', LocalNetworkNote);
