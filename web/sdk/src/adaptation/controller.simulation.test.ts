import { expect, test } from 'vitest';
import { ModelPath, type Weather } from '../testing/model-path.ts';
import { type Random, seeded } from '../testing/random.ts';
import { type Adaptation, adapt, newAdaptation, stepOf } from './controller.ts';
import type { Sent } from './ladder.ts';

// Calls of ten minutes over paths of all kinds, whose weather changes every ten to ninety seconds, or never.

const seconds = 600;
const kinds: readonly Sent[] = ['camera', 'screen', 'both'];
const seeds = Array.from({ length: 400 }, (_, seed) => seed);

test('steps and words are few, whatever the path does', () => {
  for (const seed of seeds) {
    const { steps, words } = simulate(seed, changing);
    expect(most(steps, 60), `steps within a minute, seed ${seed}`).toBeLessThanOrEqual(10);
    expect(most(words, 60), `words within a minute, seed ${seed}`).toBeLessThanOrEqual(6);
  }
});

test('on a path that stays as it is the sound keeps its share, and steps become rare', () => {
  for (const seed of seeds) {
    const { steps, hurt, weather } = simulate(seed, (random) => [anyWeather(random)]);
    const later = (times: readonly number[]) => times.filter((at) => at > 120).length;
    const share = later(hurt) / (seconds - 120);
    const thin = (weather[0]?.capacity ?? 0) < 50_000;
    // Below that not even the thin sound fits.
    if (!thin) expect(share, `seconds in which sound is lost, seed ${seed}`).toBeLessThanOrEqual(0.1);
    expect(later(steps), `steps in eight minutes, seed ${seed}`).toBeLessThanOrEqual(24);
  }
});

test('while the path has no room for a picture none is sent but on trial, and where there is plenty all is as it was', () => {
  for (const seed of seeds) {
    const thin = simulate(seed, (random) => [
      { ...anyWeather(random), capacity: 50_000 + random.below(10_000) },
    ]);
    const pictured = thin.pictured.filter((at) => at > 60).length / (seconds - 60);
    expect(pictured, `share of the time with a picture, seed ${seed}`).toBeLessThanOrEqual(0.15);
    expect(
      thin.words.filter((at) => at > 60),
      `words, seed ${seed}`,
    ).toEqual([]);

    const healed = simulate(seed, (random) => [
      { ...anyWeather(random), capacity: 55_000 },
      { capacity: 8_000_000, loss: 0, roundTripMs: 20 + random.below(200) },
    ]);
    expect(healed.last.told, `seed ${seed}`).toMatchObject({
      step: 0,
      cameraPaused: false,
      screenPaused: false,
    });
  }
});

interface Outcome {
  /** In seconds since the beginning. */
  readonly steps: readonly number[];
  readonly words: readonly number[];
  readonly hurt: readonly number[];
  readonly pictured: readonly number[];
  readonly weather: readonly Weather[];
  readonly last: Adaptation;
}

/** The weathers follow each other and share the time; an odd seed's browser tells no estimate. */
function simulate(seed: number, forecast: (random: Random) => readonly Weather[]): Outcome {
  const random = seeded(seed);
  const sent = kinds[seed % kinds.length] ?? 'camera';
  const told = seed % 2 === 0;
  const weather = forecast(random);
  const path = new ModelPath(random);
  // A connection is first looked at when it comes up, before anything flows.
  const [quiet] = adapt(newAdaptation(0), path.still(weather[0]?.roundTripMs ?? 0), 0);
  let state = quiet;
  const steps: number[] = [];
  const words: number[] = [];
  const hurt: number[] = [];
  const pictured: number[] = [];
  for (let second = 1; second <= seconds; second++) {
    const now = weather[Math.floor(((second - 1) / seconds) * weather.length)];
    if (!now) throw new Error('unreachable: the weather lasts as long as the call');
    const before = state;
    const sample = path.pass(stepOf(state), now, sent, told);
    if (path.soundLost > 0.05) hurt.push(second);
    const { camera, screen } = stepOf(state);
    if (camera || screen) pictured.push(second);
    [state] = adapt(state, sample, second * 1_000);
    if (second > 1 && state.step !== before.step) steps.push(second);
    const pauses = ({ told: { cameraPaused, screenPaused } }: Adaptation) =>
      `${cameraPaused} ${screenPaused}`;
    if (pauses(state) !== pauses(before)) words.push(second);
  }
  return { steps, words, hurt, pictured, weather, last: state };
}

function changing(random: Random): readonly Weather[] {
  return Array.from({ length: 7 + random.below(54) }, () => anyWeather(random));
}

/** From hopeless to plenty: 20 kbit/s to 10 Mbit/s, evenly in their logarithm. */
function anyWeather(random: Random): Weather {
  return {
    capacity: 20_000 * 500 ** random.next(),
    roundTripMs: 10 + random.below(300),
    loss: random.chance(0.5) ? 0 : 0.3 * random.next(),
  };
}

/** The most times within a window of this length. */
function most(times: readonly number[], window: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + window).length));
}
