import type { SafetyState } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';

/** A quiet shield while nothing is wrong: whether it is known who is at the other end. */
export function safetyChip(safety: SafetyState, onClick: () => void): TemplateResult | typeof nothing {
  if (safety.kind !== 'code') return nothing;
  const { contact } = safety;
  return html`
    <button class="quality shield" data-contact=${contact} aria-haspopup="dialog" @click=${onClick}>
      ${icon('shield')}
      <span class="heard-only">${text.safety.title}</span>
    </button>
  `;
}

/** What must not be overlooked; null while there is nothing of the kind. */
export function safetyAlarm(safety: SafetyState): string | null {
  if (safety.kind === 'broken') return text.safety.broken;
  if (safety.kind !== 'code') return null;
  const { contact } = safety;
  return contact === 'changed' || contact === 'differs' ? text.safety.broken : null;
}
