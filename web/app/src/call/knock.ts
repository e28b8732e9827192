import type { CallState } from '@parley/client';
import { html, type TemplateResult } from 'lit';
import { choices } from '../memory/choices.ts';
import { text } from '../text/text.ts';
import { askToNotify, notify } from '../ui/notify.ts';
import { arrival, playNotes } from '../ui/speaker.ts';
import type { AnyCall } from './any-call.ts';
import { isFull, otherWays } from './problem.ts';

/** A page in the background is woken once a minute at worst; else this often. */
const everyMs = 5_000;

/**
 * Asks for a seat in a room that is full until there is one, and calls the person back. Nobody is on the air unawares: while
 * the page is out of sight, microphone and camera are off, and stay so if that is when it gets in.
 */
export class Knock {
  private readonly call: AnyCall;
  private readonly wanted: { readonly microphone: boolean; readonly camera: boolean };
  private readonly onSight = () => this.look();
  private timer = 0;

  constructor(call: AnyCall) {
    this.call = call;
    const { microphone, camera } = call.local;
    this.wanted = { microphone: microphone.enabled, camera: camera.enabled };
    document.addEventListener('visibilitychange', this.onSight);
    void askToNotify();
    call.retry();
  }

  /** Follows the call. Null while it goes on; else how it ended, and it is over. */
  follow(state: CallState): 'in' | 'unseen' | 'refused' | null {
    switch (state.kind) {
      case 'joining':
        return null;
      case 'error': {
        if (!isFull(state.error) && state.error.reason !== 'server-unreachable') return this.end('refused');
        clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.call.retry(), everyMs);
        return null;
      }
      default:
        if (!document.hidden) return this.end('in');
        // Who meets somebody is called by the page as always.
        if (state.kind === 'waiting') playNotes(arrival, choices().speakerId).catch(() => {});
        void notify(text.seat.free, text.seat.unseen);
        return this.end('unseen');
    }
  }

  end<Outcome>(outcome: Outcome): Outcome {
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onSight);
    return outcome;
  }

  screen(): TemplateResult {
    return html`
      <main class="apart">
        <p-pair near="joined" class="waits"></p-pair>
        <h1>${text.seat.waiting.title}</h1>
        <p class="soft">${text.seat.waiting.body}</p>
        <div class="ways">${otherWays()}</div>
      </main>
    `;
  }

  private look() {
    const { local } = this.call;
    const microphone = !document.hidden && this.wanted.microphone;
    const camera = !document.hidden && this.wanted.camera;
    if (microphone !== local.microphone.enabled) void local.setMicrophoneEnabled(microphone);
    if (camera !== local.camera.enabled) void local.setCameraEnabled(camera);
  }
}
