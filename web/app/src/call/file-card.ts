import type { FileTransfer } from '@parley/client';
import { html, nothing, type TemplateResult } from 'lit';
import { clock, dataSize } from '../format.ts';
import { text } from '../text/text.ts';
import { icon } from '../ui/icon.ts';
import { View } from '../ui/view.ts';
import type { AnyCall } from './any-call.ts';
import { choosePlace } from './choose-place.ts';

/** What an <img> shows and nothing else does anything with. SVG is not among them: it is a program. */
const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];
const maxPictureBytes = 30_000_000;
/** From here on nobody wants a file twice on the disk, kept by the browser and then saved. */
const placeFromBytes = 100_000_000;

/** One file on its way: what it is, how far it is, what can be done. */
export class FileCard extends View {
  static override properties = { call: { attribute: false }, file: { attribute: false } };
  declare call: AnyCall;
  declare file: FileTransfer;
  private picture: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whenGone(() => {
      if (this.picture) URL.revokeObjectURL(this.picture);
      this.picture = null;
    });
  }

  protected override willUpdate(): void {
    const { state, type, size, id } = this.file;
    if (this.picture || state.kind !== 'done' || size > maxPictureBytes || !pictures.includes(type)) return;
    const blob = this.call.files.open(id);
    if (blob) this.picture = URL.createObjectURL(new Blob([blob], { type }));
  }

  protected override render(): TemplateResult {
    const { name, state, bytes, size } = this.file;
    const moving = state.kind === 'moving' || state.kind === 'paused' || state.kind === 'waiting';
    return html`
      ${this.picture ? html`<img class="file-picture" src=${this.picture} alt=${text.files.preview(name)} @error=${this.noPicture} />` : nothing}
      <p class="file-name"><bdi>${name}</bdi></p>
      ${moving ? html`<progress max=${Math.max(size, 1)} .value=${bytes} aria-label=${text.files.progress(name)}></progress>` : nothing}
      <p class="small soft file-facts">${this.facts()}</p>
      ${this.actions()}
    `;
  }

  private facts(): string {
    const t = text.files;
    const { state, direction, bytes, size, rate } = this.file;
    const total = dataSize(size, text.locale);
    const part = t.ofSize(dataSize(bytes, text.locale), total);
    switch (state.kind) {
      case 'offered':
        return `${total} · ${t.offered[direction]}`;
      case 'moving':
        return [
          part,
          ...(rate
            ? [t.perSecond(dataSize(rate, text.locale)), t.left(clock((1000 * (size - bytes)) / rate))]
            : []),
        ].join(' · ');
      case 'paused':
        return `${part} · ${state.byMe ? t.paused.me : t.paused.peer}`;
      case 'waiting':
        return `${bytes > 0 ? part : total} · ${t.waiting}`;
      case 'done':
        return `${total} · ${this.file.placed ? t.done.placed : t.done[direction]}`;
      case 'failed':
        return `${total} · ${t.problem[state.reason]}`;
      default:
        return state satisfies never;
    }
  }

  /** What ends it is always the first: else whoever presses it while the file begins to move would meet another button. */
  private actions(): TemplateResult | typeof nothing {
    const t = text.files;
    const { files } = this.call;
    const { id, state, direction } = this.file;
    const end = (label: string) => this.action(label, 'close', () => files.cancel(id));
    const stop = end(t.cancel);
    const pause = this.action(t.pause, 'pause', () => files.pause(id));
    switch (state.kind) {
      case 'offered':
        return direction === 'sending'
          ? this.row(stop)
          : this.row(
              end(t.decline),
              this.action(t.accept, 'check', () => void this.accept(), 'main'),
            );
      case 'moving':
        return this.row(stop, pause);
      case 'paused':
        return this.row(
          stop,
          state.byMe ? this.action(t.resume, 'play', () => files.resume(id), 'main') : pause,
        );
      case 'waiting':
        return this.row(stop);
      case 'done':
        return direction === 'receiving' && !this.file.placed
          ? this.row(this.action(t.save, 'save', () => this.save(), 'main'))
          : nothing;
      case 'failed':
        return nothing;
      default:
        return state satisfies never;
    }
  }

  private row(...actions: readonly TemplateResult[]): TemplateResult {
    return html`<div class="file-actions">${actions}</div>`;
  }

  private action(
    label: string,
    drawing: Parameters<typeof icon>[0],
    run: () => void,
    look = '',
  ): TemplateResult {
    const name = text.files.named(label, this.file.name);
    return html`<button class="button ${look}" aria-label=${name} @click=${run}>${icon(drawing)}<span>${label}</span></button>`;
  }

  /** Who closes the question where to put it has not decided: the offer stands. */
  private async accept() {
    const { id, name, size } = this.file;
    const place = size >= placeFromBytes ? await choosePlace(name) : undefined;
    if (place !== null) this.call.files.accept(id, place);
  }

  private save() {
    const blob = this.call.files.open(this.file.id);
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = this.file.name;
    link.click();
    // Some browsers begin to read a while after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  private noPicture() {
    this.querySelector('.file-picture')?.remove();
  }
}

customElements.define('file-card', FileCard);
