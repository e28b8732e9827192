import { html, nothing, type TemplateResult } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { ElementPart } from 'lit/directive.js';
import { text } from '../text/text.ts';
import { icon } from './icon.ts';

/** Opens a dialog over the page as soon as it is drawn. The browser keeps the focus inside and gives it back. */
class OpenDirective extends AsyncDirective {
  override render() {
    return nothing;
  }

  override update(part: ElementPart) {
    const dialog = part.element as HTMLDialogElement;
    if (!dialog.open) queueMicrotask(() => dialog.isConnected && !dialog.open && dialog.showModal());
    return nothing;
  }
}

const open = directive(OpenDirective);

/** A sheet over the page: in its middle, or at the bottom of a phone. Drawn while it is open; `onClose` ends that. */
export const modal = (title: string, content: TemplateResult, onClose: () => void): TemplateResult => html`
  <dialog class="sheet" aria-labelledby="sheet-title" ${open()} @close=${onClose} @click=${closeOutside}>
    <div class="sheet-inside">
      <header>
        <h2 id="sheet-title">${title}</h2>
        <button class="round small" aria-label=${text.close} @click=${closeThis}>${icon('close')}</button>
      </header>
      ${content}
    </div>
  </dialog>
`;

const dialogOf = (event: Event) => (event.currentTarget as Element).closest('dialog');

function closeThis(event: Event) {
  dialogOf(event)?.close();
}

// What lies outside of the sheet's content is its backdrop.
function closeOutside(event: Event) {
  if (event.target === event.currentTarget) dialogOf(event)?.close();
}
