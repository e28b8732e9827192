import type { CallState, CallStats } from '@parley/client';
import type { AnyCall } from './any-call.ts';
import { historyOf, keepHistory, noHistory, withLook, withStats } from './history.ts';
import { judge, type Quality, type Sample, sampleOf, unknownQuality } from './quality.ts';

const everyMs = 2000;
/** Two minutes of looks. */
const kept = 60;

/** Looks at the connection now and then, for as long as the call is on the screen, and keeps its history. */
export class StatsWatch {
  quality: Quality = unknownQuality;
  samples: readonly Sample[] = [];
  last: CallStats | null = null;
  private readonly call: AnyCall;
  private readonly onLook: () => void;
  private readonly ends: readonly (() => void)[];
  private readonly timer: ReturnType<typeof setInterval>;
  private kind: CallState['kind'] | null = null;
  private since: number | null = null;

  constructor(call: AnyCall, onLook: () => void) {
    this.call = call;
    this.onLook = onLook;
    keepHistory(call, { ...noHistory, way: call.path });
    this.changed(call.state);
    this.ends = [
      call.on('state', (state) => this.changed(state)),
      call.on('path', (way) => way && keepHistory(call, { ...historyOf(call), way })),
    ];
    this.timer = setInterval(() => void this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
    for (const end of this.ends) end();
  }

  private changed(state: CallState) {
    if (state.kind === this.kind) return;
    this.kind = state.kind;
    const history = historyOf(this.call);
    if (state.kind === 'connected') this.since ??= state.since;
    if (state.kind === 'reconnecting') keepHistory(this.call, { ...history, lost: history.lost + 1 });
    if (state.kind === 'ended' && this.since !== null)
      keepHistory(this.call, { ...history, talkedMs: Date.now() - this.since });
  }

  private async look() {
    const { call } = this;
    const stats = await call.stats();
    if (stats) keepHistory(call, withStats(historyOf(call), stats));
    if (call.state.kind !== 'connected') return;
    if (stats && this.last && stats.at > this.last.at) {
      const sample = sampleOf(this.last, stats);
      this.samples = [...this.samples, sample].slice(-kept);
      this.quality = judge(this.quality, sample);
      keepHistory(call, withLook(historyOf(call), sample, this.quality.level));
    }
    this.last = stats;
    this.onLook();
  }
}
