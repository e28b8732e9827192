export interface Heard {
  /** Loudness, 0 to 1. */
  readonly level: number;
  /** Not one sample differs from zero: no room is that quiet, but a microphone that is switched off is. */
  readonly dead: boolean;
}

/** What a track hears, some twenty times a second, until the returned function is called. */
export function watchLevel(track: MediaStreamTrack, onHeard: (heard: Heard) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);

  // A page that nobody has touched yet may not run audio; it may from the first touch on.
  // Refused when the watching ends before it begins.
  const resume = () => void context.resume().catch(() => undefined);
  addEventListener('pointerdown', resume);
  addEventListener('keydown', resume);

  const timer = setInterval(() => {
    if (context.state !== 'running') return;
    analyser.getFloatTimeDomainData(samples);
    onHeard({ level: loudness(samples), dead: samples.every((sample) => sample === 0) });
  }, 50);
  return () => {
    clearInterval(timer);
    removeEventListener('pointerdown', resume);
    removeEventListener('keydown', resume);
    void context.close();
  };
}

/** From samples to 0 (silence, -60 dB and less) to 1 (-10 dB and more), linear in decibels as ears are. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}
