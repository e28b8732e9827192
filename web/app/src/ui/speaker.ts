/** Whether the browser lets a page choose where it is heard. Elsewhere the system's own setting counts. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

/** Lets an element be heard from a speaker; from the system's own one where that is gone or refused. */
export async function useSpeaker(element: HTMLMediaElement, speakerId: string | null): Promise<void> {
  if (!canChooseSpeaker || element.sinkId === (speakerId ?? '')) return;
  try {
    await element.setSinkId(speakerId ?? '');
  } catch {
    if (element.sinkId !== '') await element.setSinkId('');
  }
}

/** Seconds from the beginning, hertz, seconds. */
type Note = readonly [at: number, pitch: number, length: number];

/** Says whether a speaker works. */
export const test: readonly Note[] = [
  [0, 392, 0.5],
  [0.35, 587.3, 0.5],
  [0.75, 493.9, 0.9],
];

/** Calls somebody back who waits in another window. */
export const arrival: readonly Note[] = [
  [0, 493.9, 0.4],
  [0.22, 659.3, 0.9],
];

export async function playNotes(notes: readonly Note[], speakerId: string | null): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  await useSpeaker(element, speakerId);
  await element.play();
  for (const [at, pitch, length] of notes) {
    const note = context.createOscillator();
    const volume = context.createGain();
    const begin = context.currentTime + 0.1 + at;
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.25, begin + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + length);
    note.connect(volume).connect(out);
    note.start(begin);
    note.stop(begin + length);
  }
  await new Promise((done) => setTimeout(done, 2000));
  element.srcObject = null;
  await context.close();
}
