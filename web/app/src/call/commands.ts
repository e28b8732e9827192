import { html, nothing, type TemplateResult } from 'lit';
import { text } from '../text/text.ts';
import { type IconName, icon } from '../ui/icon.ts';

/** Something that can be done in a call beyond the bar: in the menu, by a key, or both. */
export interface Command {
  readonly id: keyof typeof text.commands;
  readonly icon: IconName;
  /** A single key; none where a slip would hurt. */
  readonly key?: string;
  readonly inMenu: boolean;
  /** For a command with two positions. */
  readonly pressed?: boolean;
  readonly run: () => void;
}

/** The rows of the menu, which closes with each. */
export const commandRows = (commands: readonly Command[]): TemplateResult => html`
  <ul class="commands">
    ${commands
      .filter((command) => command.inMenu)
      .map(
        (command) => html`
          <li>
            <button
              class="command"
              aria-pressed=${command.pressed ?? nothing}
              @click=${(event: Event) => {
                // Closed by the browser, so that the focus is back where it was before anything else opens.
                (event.currentTarget as Element).closest('dialog')?.close();
                command.run();
              }}
            >
              ${icon(command.icon)}
              <span>${text.commands[command.id]}</span>
              ${command.pressed ? icon('check') : nothing}
            </button>
          </li>
        `,
      )}
  </ul>
`;
