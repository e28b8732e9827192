import { watchLevel } from '../ui/level.ts';

/** How loud the microphone is, as a ring around its button. Fires `heard` each time it hears a voice. */
export class LevelRing extends HTMLElement {
  #track: MediaStreamTrack | undefined;
  #stop: (() => void) | null = null;

  set track(track: MediaStreamTrack | undefined) {
    if (track === this.#track) return;
    this.#track = track;
    if (this.isConnected) this.#watch();
  }

  connectedCallback(): void {
    this.#watch();
  }

  disconnectedCallback(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #watch(): void {
    this.#stop?.();
    this.#stop = null;
    if (!this.#track) return;
    this.#stop = watchLevel(this.#track, ({ level }) => {
      this.style.setProperty('--level', level.toFixed(2));
      if (level > 0.45) this.dispatchEvent(new CustomEvent('heard', { bubbles: true }));
    });
  }
}

customElements.define('level-ring', LevelRing);
