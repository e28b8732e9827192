import { html, nothing, type TemplateResult } from 'lit';
import { clock, isoDuration } from '../format.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { type Toggle, toggle } from '../ui/toggle.ts';
import type { AnyCall } from './any-call.ts';
import { deviceToggles } from './controls.ts';
import '../ui/elapsed.ts';
import '../ui/pair.ts';

export interface Bar {
  readonly chatting: boolean;
  readonly unread: number;
  readonly onChat: () => void;
  readonly onMore: () => void;
}

/** What the call is and what can be done: the frame's lower edge. */
export const bar = (call: AnyCall, { chatting, unread, onChat, onMore }: Bar): TemplateResult => html`
  <div class="bar">
    ${facts(call)}
    <div class="controls" role="group" aria-label=${text.controls.label}>
      ${deviceToggles(call)} ${toggle(chat(chatting, unread, onChat))}
      <button class="round" aria-label=${text.controls.more} data-tip=${text.controls.more} aria-haspopup="dialog" @click=${onMore}>
        ${icon('more')}
      </button>
      <button class="round danger" aria-label=${text.controls.hangUp} data-tip=${text.controls.hangUp} @click=${() => call.hangUp()}>
        ${icon('hangUp')}
      </button>
    </div>
  </div>
`;

const chat = (chatting: boolean, unread: number, onClick: () => void): Toggle => ({
  label: text.controls.chat,
  pressed: chatting,
  icon: 'chat',
  pressedIcon: 'chat',
  extra: unread > 0 ? html`<span class="badge" aria-hidden="true">${Math.min(unread, 99)}</span>` : nothing,
  description: unread > 0 ? text.chat.unread(unread) : null,
  onClick,
});

/** The mark as the state of the call, the time, the path. */
function facts({ state, path, signaling }: AnyCall): TemplateResult {
  const t = text.call;
  const connected = state.kind === 'connected';
  return html`
    <div class="facts small">
      ${connected || state.kind === 'reconnecting' ? html`<p-pair near=${connected ? 'joined' : 'loose'}></p-pair>` : nothing}
      ${connected ? html`<elapsed-time .since=${state.since} .say=${time}></elapsed-time>` : nothing}
      ${path && connected ? html`<span class="soft" title=${t.pathHint[path]}>${t.path[path]}</span>` : nothing}
      ${path && signaling === 'offline' ? html`<span class="offline" role="img" aria-label=${t.serverOffline} title=${t.serverOffline}></span>` : nothing}
    </div>
  `;
}

const time = (ms: number) =>
  html`<time datetime=${isoDuration(ms)} aria-label=${`${text.call.time} ${clock(ms)}`} role="timer">${clock(ms)}</time>`;
