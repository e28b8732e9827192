import { html, svg } from 'lit';
import { View } from './view.ts';

/** How near the two shapes are: the state of the call, drawn. */
export type Nearness = 'apart' | 'near' | 'alone' | 'approaching' | 'joined' | 'loose' | 'parted';

/** Each shape is a circle with one corner; half an edge apart in height, those corners interlock. */
const you = svg`<path class="you" d="M20 0a20 20 0 0 1 20 20v20H20a20 20 0 0 1 0-40z"></path>`;
const them = svg`<path class="them" d="M60 60a20 20 0 0 1-20-20V20h20a20 20 0 0 1 0 40z"></path>`;

/** The mark of Parley, alive. Says nothing to a screen reader: the words beside it do. */
export class Pair extends View {
  static override properties = { near: { reflect: true } };
  declare near: Nearness;

  constructor() {
    super();
    this.near = 'apart';
  }

  protected override render() {
    return html`<svg viewBox="-8 -4 96 68" aria-hidden="true">${you}${them}</svg>`;
  }
}

customElements.define('p-pair', Pair);
