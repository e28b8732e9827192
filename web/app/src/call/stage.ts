import { html, nothing, type TemplateResult } from 'lit';
import { clock, isoDuration } from '../format.ts';
import { text } from '../text/text.ts';
import { announce } from '../ui/announce.ts';
import { icon } from '../ui/icon.ts';
import { toggle } from '../ui/toggle.ts';
import { CallView } from './call-view.ts';
import { deviceToggles } from './controls.ts';
import { meeting } from './meeting.ts';
import './chat-panel.ts';
import './remote-picture.ts';
import './self-view.ts';
import '../ui/elapsed.ts';
import '../ui/pair.ts';

/** The call itself: the other person's picture, one's own, the controls, the chat. */
export class CallStage extends CallView {
  static override properties = { ...CallView.properties, link: {}, chatting: { state: true } };
  declare link: string;
  declare private chatting: boolean;
  /** Messages of theirs that have been on the screen. */
  private seen = 0;
  private kindSince = { kind: '', at: 0 };

  constructor() {
    super();
    this.link = '';
    this.chatting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.seen = this.theirs;
    this.whenGone(
      this.call.on('message', (message) => {
        if (message.from === 'peer' && !this.chatting)
          announce(text.chat.spoken(this.call.remote.name, message.text));
      }),
    );
  }

  protected override render() {
    const { state } = this.call;
    if (state.kind !== this.kindSince.kind) this.kindSince = { kind: state.kind, at: Date.now() };
    return html`
      <main class="stage" ?data-chatting=${this.chatting}>
        <div class="picture">
          ${
            together(state.kind)
              ? html`<remote-picture .call=${this.call}></remote-picture>`
              : meeting(this.call, this.link, this.kindSince.at)
          }
          <self-view .call=${this.call}></self-view>
        </div>
        ${this.chatting ? html`<chat-panel id="chat" .call=${this.call} @close=${this.closeChat}></chat-panel>` : nothing}
        ${this.bar()}
      </main>
    `;
  }

  private bar(): TemplateResult {
    return html`
      <div class="bar">
        ${this.facts()}
        <div class="controls" role="toolbar" aria-label=${text.controls.label}>
          ${deviceToggles(this.call)} ${this.chatToggle()}
          <button class="round danger" aria-label=${text.controls.hangUp} data-tip=${text.controls.hangUp} @click=${() => this.call.hangUp()}>
            ${icon('hangUp')}
          </button>
        </div>
      </div>
    `;
  }

  /** The mark as the state of the call, the time, the path. */
  private facts(): TemplateResult {
    const { state, path, signaling } = this.call;
    const t = text.call;
    return html`
      <div class="facts small">
        ${together(state.kind) ? html`<p-pair near=${state.kind === 'connected' ? 'joined' : 'loose'}></p-pair>` : nothing}
        ${
          state.kind === 'connected'
            ? html`<elapsed-time
              .since=${state.since}
              .say=${(ms: number) => html`<time datetime=${isoDuration(ms)} aria-label=${t.time}>${clock(ms)}</time>`}
            ></elapsed-time>`
            : nothing
        }
        ${path && state.kind === 'connected' ? html`<span class="soft" title=${t.pathHint[path]}>${t.path[path]}</span>` : nothing}
        ${signaling === 'offline' && path ? html`<span class="offline" role="img" aria-label=${t.serverOffline} title=${t.serverOffline}></span>` : nothing}
      </div>
    `;
  }

  private chatToggle(): TemplateResult {
    if (this.chatting) this.seen = this.theirs;
    const unread = this.theirs - this.seen;
    return toggle({
      label: text.controls.chat,
      pressed: this.chatting,
      icon: 'chat',
      pressedIcon: 'chat',
      extra:
        unread > 0 ? html`<span class="badge" aria-hidden="true">${Math.min(unread, 99)}</span>` : nothing,
      description: unread > 0 ? text.chat.unread(unread) : null,
      onClick: () => (this.chatting ? this.closeChat() : this.openChat()),
    });
  }

  private get theirs(): number {
    return this.call.messages.filter((message) => message.from === 'peer').length;
  }

  private openChat() {
    this.chatting = true;
  }

  private closeChat() {
    this.chatting = false;
    this.querySelector<HTMLElement>('.controls [data-icon="chat"]')?.focus();
  }
}

const together = (kind: string) => kind === 'connected' || kind === 'reconnecting';

customElements.define('call-stage', CallStage);
