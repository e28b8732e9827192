import type { Step } from '../adaptation/ladder.ts';
import type { Sample } from '../adaptation/pressure.ts';
import type { Random } from './random.ts';

/** What a path is like at some time. */
export interface Weather {
  /** Bits per second it carries. */
  readonly capacity: number;
  readonly roundTripMs: number;
  /** Lost by chance, 0 to 1. */
  readonly loss: number;
}

const secondsOfQueue = 0.3;
const soundBits = { full: 90_000, thin: 45_000 } as const;
/** Below this a browser does not go with a picture, and its estimate not below that and the sound, whatever gets through. */
const leastPicture = 30_000;
const leastEstimate = 95_000;

/**
 * A path and the browser's own congestion control on it, second by second: its estimate follows what got through, grows by eight percent
 * and never far beyond what is really sent.
 */
export class ModelPath {
  estimate = 300_000;
  /** Share of the sound that got lost for want of room in the last second. */
  soundLost = 0;
  readonly #random: Random;
  #queueSeconds = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  still(roundTripMs: number): Sample {
    return { sent: 'sound', estimate: null, roundTripMs, loss: 0, overloaded: false };
  }

  /** One second: a step is sent in this weather. */
  pass({ sound, camera, screen }: Step, weather: Weather, sent: Sample['sent'], told: boolean): Sample {
    const most = [camera, screen].reduce((sum, picture) => sum + (picture?.maxBitrate ?? 0), 0);
    const left = Math.max(this.estimate - soundBits[sound], leastPicture);
    const bits = soundBits[sound] + (most === 0 ? 0 : Math.min(most, left));
    const excess = bits / weather.capacity - 1;
    const before = this.#queueSeconds;
    this.#queueSeconds = Math.min(secondsOfQueue, Math.max(0, before + excess));
    const dropped = this.#queueSeconds === secondsOfQueue ? Math.max(0, bits - weather.capacity) / bits : 0;
    this.soundLost = dropped;
    const through = Math.min(bits, weather.capacity) * (1 - weather.loss);
    const congested = this.#queueSeconds > 0.1 || weather.loss > 0.2;
    const grown = Math.min(this.estimate * 1.08 + 1_000, Math.max(this.estimate, 1.5 * through + 10_000));
    const found = (congested ? 0.85 * through : grown) * (0.95 + 0.1 * this.#random.next());
    this.estimate = most === 0 ? found : Math.max(found, leastEstimate);
    return {
      sent,
      estimate: told ? this.estimate : null,
      roundTripMs: weather.roundTripMs + 1_000 * this.#queueSeconds + 20 * this.#random.next(),
      loss: 1 - (1 - dropped) * (1 - weather.loss),
      overloaded: false,
    };
  }
}
