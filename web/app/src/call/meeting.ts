import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../text/en.ts';
import { text } from '../text/text.ts';
import type { Nearness } from '../ui/pair.ts';
import type { AnyCall } from './any-call.ts';
import '../ui/copy-link.ts';
import '../ui/elapsed.ts';
import '../ui/pair.ts';

/** What fills the stage until the two are together: one waits, or they approach. */
export function meeting(call: AnyCall, link: string, since: number): TemplateResult {
  const { state } = call;
  switch (state.kind) {
    case 'waiting':
      return screen('alone', text.call.waiting[state.reason], html`<copy-link .link=${link}></copy-link>`);
    case 'connecting':
      return screen(
        'approaching',
        text.call.connecting,
        html`<p class="soft small">
          <elapsed-time .since=${since} .say=${(ms: number) => (ms > 6000 ? text.call.connectingLong : nothing)}></elapsed-time>
        </p>`,
      );
    default:
      return screen('approaching', text.call.joining);
  }
}

const screen = (near: Nearness, words: Words, more: TemplateResult | typeof nothing = nothing) => html`
  <div class="meeting">
    <p-pair near=${near}></p-pair>
    <h1>${words.title}</h1>
    <p class="soft">${words.body}</p>
    ${more}
  </div>
`;
