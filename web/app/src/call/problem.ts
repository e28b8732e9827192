import { type CallError, type CallErrorReason, newRoomName } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { pathOf } from '../address.ts';
import { go } from '../go.ts';
import { text } from '../text/text.ts';
import type { Nearness } from '../ui/pair.ts';
import type { AnyCall } from './any-call.ts';
import './local-network.ts';
import '../ui/copy-link.ts';
import '../ui/pair.ts';

/** Two others have the seats. */
export const isFull = ({ reason }: CallError): boolean => reason === 'room-full' || reason === 'displaced';

/** Why there is no call, and the ways on from here. */
export function problemScreen(
  error: CallError,
  link: string,
  onRetry: () => void,
  call?: AnyCall,
): TemplateResult {
  const t = text.problem;
  const words = t.call[error.reason];
  return html`
    <main class="apart">
      <p-pair near=${nearness[error.reason] ?? 'parted'}></p-pair>
      <h1>${words.title}</h1>
      <p class="soft">${error.obstacle ? t.obstacle[error.obstacle] : words.body}</p>
      ${error.reason === 'connection-failed' ? html`<local-network-note></local-network-note>` : nothing}
      ${error.retryAfterMs ? html`<p class="soft small">${t.waitSeconds(Math.ceil(error.retryAfterMs / 1000))}</p>` : nothing}
      <div class="ways">
        ${words.retry ? html`<button class="button main" @click=${onRetry}>${words.retry}</button>` : nothing}
        ${error.reason === 'unsupported-browser' ? html`<copy-link .link=${link}></copy-link>` : otherWays()}
      </div>
      ${call ? html`<call-report .call=${call}></call-report>` : nothing}
    </main>
  `;
}

/** Away from this call. */
export const otherWays = (): TemplateResult => html`
  <button class="button" @click=${() => go(pathOf(newRoomName()))}>${text.problem.newCall}</button>
  <button class="button plain" @click=${() => go('/')}>${text.problem.home}</button>
`;

/** There are two together in these, only not here. */
const nearness: Partial<Record<CallErrorReason, Nearness>> = {
  'room-full': 'joined',
  displaced: 'joined',
  replaced: 'joined',
};

/** The call is open in another tab of this browser, where it can stay. */
export const otherTabScreen = (onUse: () => void): TemplateResult => html`
  <main class="apart">
    <p-pair near="joined"></p-pair>
    <h1>${text.problem.otherTab.title}</h1>
    <p class="soft">${text.problem.otherTab.body}</p>
    <div class="ways">
      <button class="button main" @click=${onUse}>${text.problem.otherTab.use}</button>
      ${otherWays()}
    </div>
  </main>
`;

/** An address of this site that is none of the page's. */
export const nowhereScreen = (): TemplateResult => html`
  <main class="apart">
    <p-pair near="apart"></p-pair>
    <h1>${text.problem.notFound.title}</h1>
    <p class="soft">${text.problem.notFound.body}</p>
    <div class="ways">
      <button class="button main" @click=${() => go('/')}>${text.problem.home}</button>
      <button class="button" @click=${() => go(pathOf(newRoomName()))}>${text.problem.newCall}</button>
    </div>
  </main>
`;
