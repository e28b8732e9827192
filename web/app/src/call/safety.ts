import type { SafetyCode } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { emojiName } from '../text/emoji.ts';
import { safetyText } from '../text/safety.ts';
import { text } from '../text/text.ts';
import type { AnyCall } from './any-call.ts';

/** The code to compare, large, and what is known of the other device. Loaded when somebody asks for it. */
export function safety(call: AnyCall): TemplateResult {
  const t = { ...text.safety, ...safetyText() };
  const { safety } = call;
  switch (safety.kind) {
    case 'none':
      return html`<p>${t.none}</p>`;
    case 'checking':
      return html`<p role="status">${safety.late ? t.late : t.checking}</p>`;
    case 'broken':
      return html`<p class="verdict alarm" role="alert">${t.reason[safety.reason]}</p>${hangUp(call)}`;
    case 'code':
      return html`
        <p>${t.help}</p>
        ${pictures(safety.code)}
        <p class="digits"><span class="small soft">${t.digits}</span><br /><strong>${safety.code.digits}</strong></p>
        <p class="verdict ${alarming.includes(safety.contact) ? 'alarm' : ''}" role="status">
          <strong>${t.chip[safety.contact]}.</strong> ${t.meaning[safety.contact]}
        </p>
        <div class="ways">
          <button class="button main" @click=${(event: Event) => match(call, event)}>${t.match}</button>
          <button class="button" @click=${() => call.confirmSafety(false)}>${t.differ}</button>
        </div>
        ${safety.contact === 'differs' ? hangUp(call) : nothing}
        ${safety.contact === 'new' ? nothing : html`<button class="button plain" @click=${() => void call.forgetContact()}>${t.forget}</button>`}
      `;
    default:
      return safety satisfies never;
  }
}

const alarming: readonly string[] = ['changed', 'differs'];

const pictures = ({ emoji }: SafetyCode): TemplateResult => html`
  <ol class="emoji">
    ${emoji.map(
      (one) => html`<li><span aria-hidden="true">${one.symbol}</span>${emojiName(one, text.locale)}</li>`,
    )}
  </ol>
`;

const hangUp = (call: AnyCall): TemplateResult =>
  html`<button class="button" @click=${() => call.hangUp()}>${safetyText().hangUp}</button>`;

function match(call: AnyCall, event: Event) {
  call.confirmSafety(true);
  (event.currentTarget as Element).closest('dialog')?.close();
}
