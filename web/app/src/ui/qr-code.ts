import { html, svg } from 'lit';
import { encode } from 'uqr';
import { text } from '../text/text.ts';
import { View } from './view.ts';

/** A link as a picture for another phone's camera. Loaded when somebody asks for it. */
export class QrCode extends View {
  static override properties = { link: {} };
  declare link: string;

  protected override render() {
    const { data, size } = encode(this.link, { border: 2 });
    let path = '';
    data.forEach((row, y) => {
      row.forEach((dark, x) => {
        if (dark) path += `M${x} ${y}h1v1h-1z`;
      });
    });
    return html`
      <svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${text.link.qrPicture} shape-rendering="crispEdges">
        ${svg`<path d=${path}></path>`}
      </svg>
    `;
  }
}

customElements.define('qr-code', QrCode);
