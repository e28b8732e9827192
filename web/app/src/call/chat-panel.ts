import { type ChatMessage, type FileTransfer, maxChatLength } from '@parley/client';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { text } from '../text/text.ts';
import { announce } from '../ui/announce.ts';
import { icon } from '../ui/icon.ts';
import { CallView } from './call-view.ts';
import { linked } from './links.ts';

type Item = ChatMessage | FileTransfer;

/** In pixels: the end counts as seen. */
const nearEnd = 8;

/** What is written and what is sent. Whatever comes in is text and stays text. */
export class ChatPanel extends CallView {
  protected override render() {
    const t = text.chat;
    const items = this.items();
    if (this.call.files.list.length > 0) void import('./file-card.ts');
    return html`
      <header>
        <h2>${t.title}</h2>
        <button class="round small" aria-label=${t.close} @click=${this.close}>${icon('close')}</button>
      </header>
      <div class="messages" role="log" aria-label=${t.title} tabindex="0">
        ${items.length === 0 ? html`<p class="soft small chat-empty">${t.empty}</p>` : nothing}
        ${repeat(
          items,
          ({ id }) => id,
          (item) => ('text' in item ? this.message(item) : this.file(item)),
        )}
        ${this.call.typing ? html`<p class="soft small">${t.typing(this.call.remote.name)}</p>` : nothing}
      </div>
      ${this.form()}
    `;
  }

  /** In the order in which they were said and offered. */
  private items(): readonly Item[] {
    const { messages, files } = this.call;
    return [...messages, ...files.list].sort((a, b) => a.at - b.at);
  }

  private message(message: ChatMessage): TemplateResult {
    const t = text.chat;
    return html`
      <div class="message ${message.from}">
        <span class="heard-only">${this.who(message.from)}:</span>
        <p dir="auto">${linked(message.text).map((part) =>
          typeof part === 'string'
            ? part
            : html`<a href=${part.href} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">${part.text}</a>`,
        )}</p>
        <button class="round small message-copy" aria-label=${t.copy} data-tip=${t.copy} @click=${() => this.copy(message)}>
          ${icon('copy')}
        </button>
        ${message.from === 'me' ? this.mark(message) : nothing}
      </div>
    `;
  }

  private mark({ delivered }: ChatMessage): TemplateResult {
    const t = text.chat;
    return delivered
      ? html`<span class="soft small mark" title=${t.delivered}>${icon('check')}<span class="heard-only">${t.delivered}</span></span>`
      : html`<span class="soft small mark">${t.notYet}</span>`;
  }

  private file(file: FileTransfer): TemplateResult {
    const from = file.direction === 'sending' ? 'me' : 'peer';
    return html`
      <div class="message ${from}">
        <span class="heard-only">${this.who(from)}:</span>
        <file-card .call=${this.call} .file=${file}></file-card>
      </div>
    `;
  }

  private who(from: ChatMessage['from']): string {
    return from === 'me' ? text.chat.me : text.chat.peer(this.call.remote.name);
  }

  private async copy({ text: words }: ChatMessage) {
    // Refused where the page may not write to the clipboard: then nothing was copied, and nothing says so.
    await navigator.clipboard?.writeText(words).then(
      () => announce(text.chat.copied),
      () => undefined,
    );
  }

  private form(): TemplateResult {
    const t = text.chat;
    return html`
      <form @submit=${this.send}>
        <button type="button" class="round small" aria-label=${t.addFiles} data-tip=${t.addFiles} @click=${this.choose}>
          ${icon('clip')}
        </button>
        <input type="file" multiple hidden @change=${this.chosen} />
        <textarea
          class="field"
          rows="1"
          dir="auto"
          maxlength=${maxChatLength}
          aria-label=${t.field}
          placeholder=${t.field}
          enterkeyhint="send"
          @keydown=${this.onKey}
          @input=${this.input}
        ></textarea>
        <button class="round accent" aria-label=${t.send}>${icon('send')}</button>
      </form>
    `;
  }

  protected override firstUpdated(): void {
    this.field?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { list } = this;
    this.atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { list } = this;
    const last = this.items().at(-1)?.id;
    // Whoever reads what was said before is not drawn away by a mark that comes and goes.
    if (list && (this.atEnd || last !== this.lastSeen)) list.scrollTop = list.scrollHeight;
    this.lastSeen = last;
  }

  private lastSeen: string | undefined;
  private atEnd = true;

  private get list(): Element | null {
    return this.querySelector('.messages');
  }

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

  private choose() {
    this.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  private chosen({ target }: Event) {
    const input = target as HTMLInputElement;
    this.call.files.offer(input.files ?? []);
    // The same file again is a choice, too.
    input.value = '';
  }

  private onKey(event: KeyboardEvent) {
    // An Enter that ends the input of a Chinese or Japanese word belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') this.close();
  }

  private input() {
    this.grow();
    if (this.field?.value) this.call.setTyping();
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
