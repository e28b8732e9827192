import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { type Place, placeOf } from './address.ts';
import { nowhereScreen } from './call/problem.ts';
import { text } from './text/text.ts';
import { View } from './ui/view.ts';
import './call/room-page.ts';
import './pages/start.ts';

/** The whole page: shows what its address names. */
export class ParleyApp extends View {
  static override properties = { place: { state: true } };
  declare private place: Place;

  override connectedCallback(): void {
    super.connectedCallback();
    const arrive = () => {
      this.place = placeOf(location.pathname);
      document.title = text.title[this.place.kind];
    };
    arrive();
    addEventListener('popstate', arrive);
    this.whenGone(() => removeEventListener('popstate', arrive));
  }

  protected override render(): TemplateResult {
    const { place } = this;
    switch (place.kind) {
      case 'start':
        return html`<start-page></start-page>`;
      case 'room':
        return html`${keyed(place.room, html`<room-page .room=${place.room}></room-page>`)}`;
      case 'nowhere':
        return nowhereScreen();
    }
  }
}

customElements.define('parley-app', ParleyApp);
