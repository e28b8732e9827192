import { html, type TemplateResult } from 'lit';
import { choices, choose } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { modal } from '../ui/modal.ts';
import type { Command } from './commands.ts';

/** Which keys do what, and a switch for people whose keys are pressed by accident or by voice (WCAG 2.1.4). */
export const shortcutsSheet = (commands: readonly Command[], onClose: () => void): TemplateResult =>
  modal(
    text.shortcuts.title,
    html`
      <dl class="keys">
        ${commands.flatMap(({ id, key }) => (key ? [row(key, text.commands[id])] : []))}
        ${row(text.shortcuts.space, text.shortcuts.pushToTalk)} ${row('Esc', text.shortcuts.escape)}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${choices().shortcuts}
          @change=${(event: Event) => choose({ shortcuts: (event.target as HTMLInputElement).checked })}
        />
        <span>${text.shortcuts.enabled}</span>
      </label>
    `,
    onClose,
  );

const row = (key: string, does: string) => html`
  <div>
    <dt><kbd>${key.toUpperCase()}</kbd></dt>
    <dd>${does}</dd>
  </div>
`;
