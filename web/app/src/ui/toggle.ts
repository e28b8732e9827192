import { html, nothing, type TemplateResult } from 'lit';
import { type IconName, icon } from './icon.ts';

export interface Toggle {
  /** What pressing it does. The name stays the same in both positions; `pressed` tells them apart. */
  readonly label: string;
  readonly pressed: boolean;
  readonly icon: IconName;
  readonly pressedIcon: IconName;
  /** What is wrong with it, to be heard with its name. */
  readonly trouble?: string | null;
  /** What else is to know about it, to be heard with its name. */
  readonly description?: string | null;
  readonly extra?: TemplateResult | typeof nothing;
  readonly onClick: () => void;
}

/** A round button with two positions. */
export const toggle = (t: Toggle): TemplateResult => html`
  <button
    class="round"
    data-icon=${t.icon}
    aria-label=${t.label}
    aria-pressed=${t.pressed}
    aria-description=${t.trouble ?? t.description ?? nothing}
    data-tip=${t.label}
    @click=${t.onClick}
  >
    ${icon(t.pressed ? t.pressedIcon : t.icon)} ${t.trouble ? html`<span class="trouble">${icon('warn')}</span>` : nothing}
    ${t.extra ?? nothing}
  </button>
`;
