import type { CallStats } from '@parley/client';
import type { AnyCall } from './any-call.ts';
import { judge, type Quality, type Sample, sampleOf, unknownQuality } from './quality.ts';

const everyMs = 2000;
/** Two minutes of looks. */
const kept = 60;

/** Looks at the connection now and then, for as long as the call is on the screen. */
export class StatsWatch {
  quality: Quality = unknownQuality;
  samples: readonly Sample[] = [];
  last: CallStats | null = null;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(call: AnyCall, onLook: () => void) {
    this.timer = setInterval(async () => {
      if (call.state.kind !== 'connected') return;
      const stats = await call.stats();
      if (stats && this.last && stats.at > this.last.at) {
        const sample = sampleOf(this.last, stats);
        this.samples = [...this.samples, sample].slice(-kept);
        this.quality = judge(this.quality, sample);
      }
      this.last = stats;
      onLook();
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
