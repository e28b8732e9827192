import { expect, test } from 'vitest';
import { type Adaptation, adapt, type Effect, newAdaptation, passSilence, stepOf } from './controller.ts';
import { ladders } from './ladder.ts';
import type { Sample } from './pressure.ts';

test('on a good path everything is sent as it is', () => {
  const call = new Driven();
  call.run(120, {});
  expect(call.effects).toEqual([{ type: 'send', step: ladders.camera[0] }]);
});

test('an estimate that is still finding its way counts for nothing', () => {
  const call = new Driven();
  call.run(7, { estimate: 100_000 });
  expect(call.state.step).toBe(0);
});

test('a path that has become thin is followed at the third look, by as many steps as it takes', () => {
  const call = new Driven();
  call.run(20, {});
  call.run(2, { estimate: 140_000 });
  expect(call.state.step).toBe(0);
  call.run(1, { estimate: 140_000 });
  expect(stepOf(call.state)).toBe(ladders.camera[2]);
  expect(call.state.told).toEqual({ cameraPaused: false, screenPaused: false, step: 2, cause: 'network' });
});

test('a single bad moment changes nothing', () => {
  const call = new Driven();
  call.run(20, {});
  for (let i = 0; i < 20; i++) {
    call.run(2, { estimate: 50_000, roundTripMs: 900, loss: 0.5 });
    call.run(5, {});
  }
  expect(call.state.step).toBe(0);
});

test('where there is no room for a picture it pauses, both are told, and the sound is thin', () => {
  const call = paused();
  expect(call.state.told).toMatchObject({ cameraPaused: true, cause: 'network' });
  expect(call.effects.at(-2)).toEqual({ type: 'send', step: ladders.camera.at(-1) });
  expect(stepOf(call.state).sound).toBe('thin');
});

test('a paused picture is tried unseen, and told only when it stays', () => {
  const call = paused();
  call.until(() => stepOf(call.state).camera !== null, { estimate: 78_000 });
  // Of so little an estimate at its floor learns nothing.
  call.run(7, { estimate: 95_000 });
  expect(call.state.told.cameraPaused).toBe(true);
  call.run(60, { estimate: 95_000 });
  expect(call.state.told.cameraPaused).toBe(false);
});

test('the smallest picture gives way to a queue, whatever the estimate', () => {
  const call = new Driven();
  call.run(20, {});
  call.run(4, { estimate: 105_000 });
  expect(call.state.told).toMatchObject({ cameraPaused: false, step: ladders.camera.length - 2 });
  call.run(4, { estimate: 105_000, roundTripMs: 600 });
  expect(call.state.told.cameraPaused).toBe(true);
});

test('a trial that hurts ends at once and without a word, and the next one waits twice as long', () => {
  const call = paused();
  const waits: number[] = [];
  for (let i = 0; i < 4; i++) {
    const words = call.words;
    waits.push(call.until(() => stepOf(call.state).camera !== null, { estimate: 50_000, roundTripMs: 50 }));
    call.until(() => stepOf(call.state).camera === null, { estimate: 50_000, roundTripMs: 400 });
    expect(call.words).toBe(words);
  }
  expect(waits).toEqual([15, 30, 60, 60]);
});

test('without an estimate loss and a growing queue decide', () => {
  for (const bad of [{ loss: 0.2 }, { roundTripMs: 700 }]) {
    const call = new Driven();
    call.run(10, { estimate: null });
    call.run(4, { estimate: null, ...bad });
    expect(call.state.step).toBe(1);
  }
});

test('with one, loss by chance takes no picture away', () => {
  const call = new Driven();
  call.run(60, { loss: 0.3 });
  // Chromium's estimate believes many of them to be the path's width.
  call.run(60, { loss: 0.3, estimate: 95_000 });
  // The other side's last report saw none.
  call.run(6, { loss: 0.05, estimate: 95_000 });
  expect(call.state.step).toBe(0);
  call.run(12, { loss: 0, estimate: 95_000 });
  expect(call.state.told.cameraPaused).toBe(true);
});

test('where the estimate is at its floor, a full queue that loses packets decides', () => {
  const call = new Driven('both');
  call.run(20, {});
  call.run(4, { estimate: 950_000, roundTripMs: 650, loss: 0.4 });
  expect(call.state.step).toBe(1);
});

test('a picture that was paused comes back where losses turn out to be chance, as small as it can be', () => {
  const call = paused();
  call.until(() => stepOf(call.state).camera !== null, { loss: 0.3, estimate: 95_000 });
  call.run(120, { loss: 0.3, estimate: 95_000 });
  expect(call.state.told).toMatchObject({ cameraPaused: false, step: ladders.camera.length - 2 });
});

test('their queue is not ours', () => {
  const call = new Driven();
  call.run(60, { roundTripMs: 650 });
  expect(call.state.step).toBe(0);
});

test('a long way is no queue', () => {
  const call = new Driven();
  call.run(60, { roundTripMs: 900, estimate: null });
  expect(call.state.step).toBe(0);
});

test('a device that is too slow gets less to encode, and never loses the picture', () => {
  const call = new Driven();
  call.run(12, { overloaded: true });
  expect(call.state.told).toEqual({ cameraPaused: false, screenPaused: false, step: 1, cause: 'device' });
  call.run(120, { overloaded: true });
  expect(stepOf(call.state).camera).not.toBeNull();
});

test('the camera gives way to the screen, and the screen is never scaled down', () => {
  const call = new Driven('both');
  call.run(20, {});
  call.run(4, { estimate: 300_000 });
  const { camera, screen } = stepOf(call.state);
  expect(camera).toBeNull();
  expect(screen?.maxLines).toBe(Number.POSITIVE_INFINITY);
  expect(call.state.told).toMatchObject({ cameraPaused: true, screenPaused: false });
});

test('what is sent changes, and how far down it is stays', () => {
  const call = paused();
  call.sent = 'sound';
  call.run(1, {});
  expect(stepOf(call.state)).toBe(ladders.sound[1]);
  expect(call.state.told.cameraPaused).toBe(false);
  call.sent = 'both';
  call.run(1, {});
  expect(stepOf(call.state)).toBe(ladders.both.at(-1));
});

test('a connection that was gone for a while is judged anew', () => {
  const call = new Driven();
  call.run(20, {});
  call.run(2, { estimate: 50_000 });
  call.now += 20_000;
  call.run(3, { estimate: 50_000, roundTripMs: 800 });
  expect(call.state.step).toBe(0);
});

test('a path that is not there tells nothing of how much it carries, nor does what comes right after', () => {
  const call = new Driven();
  call.run(20, {});
  call.run(2, { estimate: 50_000, loss: 0.5 });
  call.silent(30);
  call.run(5, { estimate: 50_000 });
  expect(call.state.step).toBe(0);
  call.run(6, { estimate: 50_000 });
  expect(call.state.told.cameraPaused).toBe(true);
});

const good: Sample = { sent: 'camera', estimate: 2_000_000, roundTripMs: 50, loss: 0, overloaded: false };

class Driven {
  now = 0;
  state: Adaptation = newAdaptation(0);
  readonly effects: Effect[] = [];
  sent: Sample['sent'];

  constructor(sent: Sample['sent'] = 'camera') {
    this.sent = sent;
  }

  get words(): number {
    return this.effects.filter(({ type }) => type === 'tell').length;
  }

  run(seconds: number, sample: Partial<Sample>): void {
    for (let i = 0; i < seconds; i++) {
      this.now += 1_000;
      const [state, effects] = adapt(this.state, { ...good, sent: this.sent, ...sample }, this.now);
      this.state = state;
      this.effects.push(...effects);
    }
  }

  silent(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.now += 1_000;
      this.state = passSilence(this.state, this.now);
    }
  }

  /** Seconds until it is so. */
  until(condition: () => boolean, sample: Partial<Sample>): number {
    for (let seconds = 0; seconds < 600; seconds++) {
      if (condition()) return seconds;
      this.run(1, sample);
    }
    throw new Error('not within ten minutes');
  }
}

function paused(): Driven {
  const call = new Driven();
  call.run(20, {});
  call.run(3, { estimate: 50_000 });
  return call;
}
