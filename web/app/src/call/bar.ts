import { html, nothing, type TemplateResult } from 'lit';
import { clock, isoDuration } from '../format.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { type Toggle, toggle } from '../ui/toggle.ts';
import type { AnyCall } from './any-call.ts';
import { deviceToggles } from './controls.ts';
import type { Level } from './quality.ts';
import { safetyChip } from './safety-chip.ts';
import '../ui/elapsed.ts';
import '../ui/pair.ts';

export interface Bar {
  readonly chatting: boolean;
  readonly unread: number;
  readonly onChat: () => void;
  readonly onMore: () => void;
  readonly onShare: () => void;
  readonly quality: Level;
  readonly onDetails: () => void;
  readonly onSafety: () => void;
}

/** What the call is and what can be done: the frame's lower edge. */
export const bar = (
  call: AnyCall,
  { chatting, unread, onChat, onMore, onShare, quality, onDetails, onSafety }: Bar,
): TemplateResult => html`
  <div class="bar">
    ${facts(call, quality, onDetails, onSafety)}
    <div class="controls" role="group" aria-label=${text.controls.label}>
      ${deviceToggles(call)} ${canShare() ? toggle(share(call, onShare)) : nothing}
      ${toggle(chat(chatting, unread, onChat))}
      <button class="round" aria-label=${text.controls.more} data-tip=${text.controls.more} aria-haspopup="dialog" @click=${onMore}>
        ${icon('more')}
      </button>
      <button class="round danger" aria-label=${text.controls.hangUp} data-tip=${text.controls.hangUp} @click=${() => call.hangUp()}>
        ${icon('hangUp')}
      </button>
    </div>
  </div>
`;

/** Phones have no way to share their screen from a page. */
export const canShare = (): boolean => 'getDisplayMedia' in (navigator.mediaDevices ?? {});

const share = ({ screen }: AnyCall, onClick: () => void): Toggle => ({
  label: text.controls.share,
  pressed: screen.stream !== null,
  icon: 'screen',
  pressedIcon: 'screen',
  onClick,
});

const bars = html`
  <svg class="bars" viewBox="0 0 16 14" aria-hidden="true">
    <rect x="0" y="9" width="4" height="5" rx="1.5"></rect>
    <rect x="6" y="5" width="4" height="9" rx="1.5"></rect>
    <rect x="12" y="0" width="4" height="14" rx="1.5"></rect>
  </svg>
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
function facts(call: AnyCall, quality: Level, onDetails: () => void, onSafety: () => void): TemplateResult {
  const { state, path, signaling } = call;
  const t = text.call;
  const connected = state.kind === 'connected';
  return html`
    <div class="facts small">
      ${connected || state.kind === 'reconnecting' ? html`<p-pair near=${connected ? 'joined' : 'loose'}></p-pair>` : nothing}
      ${connected ? html`<elapsed-time .since=${state.since} .say=${time}></elapsed-time>` : nothing}
      ${
        path && connected
          ? html`
            <button class="quality" data-level=${quality} aria-haspopup="dialog" title=${t.pathHint[path]} @click=${onDetails}>
              ${bars} ${quality === 'good' ? t.path[path] : text.details.level[quality]}
              <span class="heard-only">${text.details.title}</span>
            </button>
          `
          : nothing
      }
      ${connected ? safetyChip(call.safety, onSafety) : nothing}
      ${path && signaling === 'offline' ? html`<span class="offline" title=${t.serverOffline}><span>${t.serverOfflineShort}</span></span>` : nothing}
    </div>
  `;
}

const time = (ms: number) =>
  html`<time datetime=${isoDuration(ms)} aria-label=${`${text.call.time} ${clock(ms)}`} role="timer">${clock(ms)}</time>`;
