import { expect, test } from 'vitest';
import type { Heard } from '../ui/level.ts';
import { listen, quiet, type VoiceFact } from './voice.ts';

const voice: Heard = { level: 0.7, dead: false };
const room: Heard = { level: 0.1, dead: false };
const nothing: Heard = { level: 0, dead: true };

function facts(readings: readonly Heard[]): VoiceFact[] {
  let state = quiet;
  const found: VoiceFact[] = [];
  for (const reading of readings) {
    const [next, fact] = listen(state, reading);
    state = next;
    if (fact) found.push(fact);
  }
  return found;
}

const times = (n: number, reading: Heard) => Array.from({ length: n }, () => reading);

test('half a second of voice is talk', () => {
  expect(facts(times(9, voice))).toEqual([]);
  expect(facts(times(10, voice))).toEqual(['talking']);
});

test('talk has pauses', () => {
  expect(facts([...times(5, voice), ...times(4, room), ...times(7, voice)])).toEqual(['talking']);
});

test('a cough now and then is no talk', () => {
  const cough = [...times(3, voice), ...times(20, room)];
  expect(facts([...cough, ...cough, ...cough, ...cough])).toEqual([]);
});

test('a quiet room is not a dead microphone', () => {
  expect(facts(times(1000, room))).toEqual([]);
});

test('six seconds of nothing at all are, and that is said once', () => {
  expect(facts(times(119, nothing))).toEqual([]);
  expect(facts(times(1000, nothing))).toEqual(['dead']);
  expect(facts([...times(100, nothing), room, ...times(100, nothing)])).toEqual([]);
});
