import { html, type TemplateResult } from 'lit';
import { choices, choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { modal } from '../ui/modal.ts';
import type { AnyCall } from './any-call.ts';
import { deviceChoice } from './device-choice.ts';
import './test-sound.ts';

/** What is chosen once: devices, and whether the other side may learn one's address. */
export const settingsSheet = (call: AnyCall, onClose: () => void): TemplateResult =>
  modal(
    text.settings.title,
    html`
      ${deviceChoice(call)}
      <p class="small"><test-sound></test-sound></p>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${choices().hideAddress}
          @change=${(event: Event) => hideAddress(call, (event.target as HTMLInputElement).checked)}
        />
        <span>${text.settings.hideAddress}<br /><span class="soft small">${text.settings.hideAddressHint}</span></span>
      </label>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${choices().rememberContacts}
          @change=${(event: Event) => rememberContacts(call, (event.target as HTMLInputElement).checked)}
        />
        <span>${text.settings.rememberContacts}</span>
      </label>
    `,
    onClose,
  );

function rememberContacts(call: AnyCall, remember: boolean) {
  choose({ rememberContacts: remember });
  call.configure({ rememberContact: remember });
}

function hideAddress(call: AnyCall, hide: boolean) {
  call.configure({ iceTransportPolicy: hide ? 'relay' : 'all' });
  choose({ hideAddress: hide });
}
