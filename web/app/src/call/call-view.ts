import type { CallEvents } from '@parley/client';
import { View } from '../ui/view.ts';
import type { AnyCall } from './any-call.ts';

const events: readonly (keyof CallEvents)[] = [
  'state',
  'messages',
  'files',
  'typing',
  'remotemedia',
  'localmedia',
  'screen',
  'sending',
  'path',
  'signaling',
  'safety',
];

/** A part of the page that shows a call, and again whenever something in it changes. */
export class CallView extends View {
  static override properties: Record<string, object> = { call: { attribute: false } };
  declare call: AnyCall;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen();
  }

  protected listen(): void {
    for (const name of events) this.whenGone(this.call.on(name, () => this.requestUpdate()));
  }
}
