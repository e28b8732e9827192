import { expect, test } from 'vitest';
import { parseChoices } from './choices.ts';

test('nothing kept: camera and microphone on, no name, the direct path', () => {
  expect(parseChoices(null)).toEqual({
    name: '',
    camera: true,
    microphone: true,
    cameraId: null,
    microphoneId: null,
    speakerId: null,
    hideAddress: false,
    rememberContacts: true,
    shortcuts: true,
  });
});

test('what was kept comes back', () => {
  const kept = { ...parseChoices(null), name: 'Anna', camera: false, cameraId: 'c1', hideAddress: true };
  expect(parseChoices(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
});

test('values of a wrong type count as not kept', () => {
  expect(parseChoices({ name: 7, camera: 'no', cameraId: {}, hideAddress: 1 })).toEqual(parseChoices(null));
});
