import { html } from 'lit';
import { choices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { playNotes, test } from '../ui/speaker.ts';
import { View } from '../ui/view.ts';

/** Says whether the speaker works: press, and hear three notes. */
export class TestSound extends View {
  static override properties = { playing: { state: true } };
  declare private playing: boolean;

  constructor() {
    super();
    this.playing = false;
  }

  protected override render() {
    return html`
      <button class="link" aria-disabled=${this.playing} @click=${this.play}>
        ${this.playing ? text.devices.playing : text.devices.playSound}
      </button>
    `;
  }

  private async play() {
    if (this.playing) return;
    this.playing = true;
    try {
      await playNotes(test, choices().speakerId);
    } finally {
      this.playing = false;
    }
  }
}

customElements.define('test-sound', TestSound);
