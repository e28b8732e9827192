import { newRoomName } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { pathOf, roomIn } from '../address.ts';
import { ago } from '../format.ts';
import { follow, go } from '../go.ts';
import { forgetCall, forgetCalls, type RecentCall, recentCalls } from '../memory/recent.ts';
import { type Language, languages } from '../text/language.ts';
import { chooseLanguage, language, text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import type { Nearness } from '../ui/pair.ts';
import { View } from '../ui/view.ts';
import '../ui/pair.ts';

/** Where a call begins: a new link, or one that somebody has. */
export class StartPage extends View {
  static override properties = { missing: { state: true }, near: { state: true }, recent: { state: true } };
  declare private missing: boolean;
  declare private near: Nearness;
  declare private recent: readonly RecentCall[];

  constructor() {
    super();
    this.missing = false;
    this.near = 'apart';
    this.recent = recentCalls();
  }

  protected override render() {
    const t = text.start;
    return html`
      <main class="start">
        <div class="start-words">
        <p class="wordmark"><p-pair near="joined"></p-pair>${text.appName}</p>
        <h1>${t.title}</h1>
        <p class="lead">${t.lead}</p>
        <button class="button main" aria-describedby="new-hint"
          @pointerenter=${() => (this.near = 'near')} @pointerleave=${() => (this.near = 'apart')}
          @focus=${() => (this.near = 'near')} @blur=${() => (this.near = 'apart')}
          @click=${() => go(pathOf(newRoomName()))}>
          ${t.newCall} ${icon('arrow')}
        </button>
        <p class="small soft" id="new-hint">${t.newCallHint}</p>
        <form class="by-name" novalidate @submit=${this.open}>
          <label for="room">${t.nameLabel}</label>
          <div class="by-name-row">
            <input
              class="field"
              id="room"
              name="room"
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              enterkeyhint="go"
              maxlength="300"
              placeholder=${t.namePlaceholder}
              aria-invalid=${this.missing ? 'true' : nothing}
              aria-describedby="room-hint"
              @input=${() => (this.missing = false)}
            />
            <button class="button">${t.go}</button>
          </div>
          <p class="small soft" id="room-hint" aria-live="polite">${this.missing ? t.nameMissing : t.nameHint}</p>
        </form>
          ${this.recent.length > 0 ? this.recentList() : nothing}
          <p class="languages small" role="group" aria-label=${t.language}>
            ${Object.entries(languages).map(
              ([code, name]) => html`
                <button
                  class="link"
                  lang=${code}
                  aria-pressed=${code === language()}
                  @click=${() => chooseLanguage(code as Language)}
                >
                  ${name}
                </button>
              `,
            )}
          </p>
        </div>
        <p-pair class="start-pair" near=${this.near}></p-pair>
      </main>
    `;
  }

  private recentList(): TemplateResult {
    const t = text.start;
    return html`
      <section class="recent" aria-labelledby="recent">
        <h2 id="recent">${t.recent}</h2>
        <ul>
          ${this.recent.map(
            ({ room, name, at }) => html`
              <li>
                <a class="recent-call" href=${pathOf(room)} @click=${follow}>
                  <span class="recent-room">${name ?? room}</span>
                  <span class="small soft">${ago(at, Date.now(), text.locale)}</span>
                </a>
                <button class="round small" aria-label=${t.forget(name ?? room)} @click=${() => this.forget(room)}>
                  ${icon('close')}
                </button>
              </li>
            `,
          )}
        </ul>
        <p class="small soft">
          ${t.recentHint} <button class="link" @click=${this.forgetAll}>${t.forgetAll}</button>
        </p>
      </section>
    `;
  }

  private forget(room: string) {
    forgetCall(room);
    this.recent = recentCalls();
  }

  private forgetAll() {
    forgetCalls();
    this.recent = [];
  }

  private open(event: SubmitEvent) {
    event.preventDefault();
    const field = this.querySelector('input');
    const found = roomIn(field?.value ?? '', location.origin);
    if (!found) {
      this.missing = true;
      field?.focus();
    } else if ('room' in found) go(pathOf(found.room));
    else location.assign(found.link);
  }
}

customElements.define('start-page', StartPage);
