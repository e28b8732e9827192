import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { CallView } from './call-view.ts';

/** Characters in one message; more is a file, not a message. */
const maxLength = 4000;

/** The written part of the talk. Whatever comes in is text and stays text. */
export class ChatPanel extends CallView {
  protected override render() {
    const t = text.chat;
    const { messages } = this.call;
    return html`
      <header>
        <h2>${t.title}</h2>
        <button class="round small" aria-label=${t.close} @click=${this.close}>${icon('close')}</button>
      </header>
      <div class="messages" role="log" aria-label=${t.title} tabindex="0">
        ${messages.length === 0 ? html`<p class="soft small chat-empty">${t.empty}</p>` : nothing}
        ${repeat(
          messages,
          (message) => message.id,
          (message) => html`
            <div class="message ${message.from}">
              <span class="heard-only">${message.from === 'me' ? t.me : t.peer(this.call.remote.name)}:</span>
              <p dir="auto">${message.text}</p>
              ${message.delivered ? nothing : html`<span class="soft small">${t.notYet}</span>`}
            </div>
          `,
        )}
      </div>
      ${this.form()}
    `;
  }

  private form(): TemplateResult {
    const t = text.chat;
    return html`
      <form @submit=${this.send}>
        <textarea
          class="field"
          rows="1"
          dir="auto"
          maxlength=${maxLength}
          aria-label=${t.field}
          placeholder=${t.field}
          enterkeyhint="send"
          @keydown=${this.onKey}
          @input=${this.grow}
        ></textarea>
        <button class="round accent" aria-label=${t.send}>${icon('send')}</button>
      </form>
    `;
  }

  protected override firstUpdated(): void {
    this.field?.focus();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const list = this.querySelector('.messages');
    const last = this.call.messages.at(-1)?.id;
    if (list && last !== this.lastSeen) list.scrollTop = list.scrollHeight;
    this.lastSeen = last;
  }

  private lastSeen: string | undefined;

  private get field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  private send(event?: Event) {
    event?.preventDefault();
    const { field } = this;
    if (!field?.value.trim()) return;
    this.call.sendMessage(field.value.trim());
    field.value = '';
    this.grow();
    field.focus();
  }

  private onKey(event: KeyboardEvent) {
    // An Enter that ends the input of a Chinese or Japanese word belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') this.close();
  }

  private grow() {
    const { field } = this;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 3, 140)}px`;
  }

  private close() {
    this.dispatchEvent(new CustomEvent('close'));
  }
}

customElements.define('chat-panel', ChatPanel);
