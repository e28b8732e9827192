import type { EndReason } from '@parley/client';
import { newRoomName } from '@parley/client';
import { html, type TemplateResult } from 'lit';
import { pathOf } from '../address.ts';
import { go } from '../go.ts';
import { text } from '../text/text.ts';
import type { AnyCall } from './any-call.ts';
import { historyOf } from './history.ts';
import '../ui/pair.ts';

/** After the call. */
export function endScreen(call: AnyCall, reason: EndReason, name: string | null): TemplateResult {
  const t = text.end;
  const { talkedMs } = historyOf(call);
  const seconds = Math.round((talkedMs ?? 0) / 1000);
  return html`
    <main class="apart">
      <p-pair near="parted"></p-pair>
      <h1>${t.title[reason](name)}</h1>
      <p class="soft">${talkedMs === null ? t.notConnected : t.talked(Math.floor(seconds / 60), seconds)}</p>
      <div class="ways">
        <button class="button main" @click=${() => call.retry()}>${t.again}</button>
        <button class="button" @click=${() => go(pathOf(newRoomName()))}>${t.newCall}</button>
        <button class="button plain" @click=${() => go('/')}>${t.home}</button>
      </div>
      <call-report .call=${call}></call-report>
    </main>
  `;
}
