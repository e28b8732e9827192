/** What is sent besides the sound; each has steps of its own. */
export type Sent = 'sound' | 'camera' | 'screen' | 'both';

/** One step: how everything that is sent has to be sent. */
export interface Step {
  /**
   * Bits per second, headers included, that the path must have for this step. The sound's share is in it: 90 kbit/s as usual (twice
   * the voice, as every packet repeats the one before it) and 45 kbit/s when thin. The pictures only ever get what is left.
   */
  readonly needs: number;
  readonly sound: 'full' | 'thin';
  /** Null: paused, or there is none. */
  readonly camera: Picture | null;
  readonly screen: Picture | null;
}

/** The most a picture may be. The browser stays below by itself where the network asks for it. */
export interface Picture {
  /** Bits per second. */
  readonly maxBitrate: number;
  /** Pixels of the shorter side. */
  readonly maxLines: number;
  readonly maxFramerate: number;
}

const kbit = 1_000;

const picture = (maxKbits: number, maxLines: number, maxFramerate: number): Picture => ({
  maxBitrate: maxKbits * kbit,
  maxLines,
  maxFramerate,
});

const step = (
  needsKbits: number,
  sound: 'full' | 'thin',
  pictures: { readonly camera?: Picture; readonly screen?: Picture } = {},
): Step => ({ needs: needsKbits * kbit, sound, camera: null, screen: null, ...pictures });

/** Never scaled down: letters must stay letters, however seldom the picture changes. */
const screen = (maxKbits: number, maxFramerate: number) =>
  picture(maxKbits, Number.POSITIVE_INFINITY, maxFramerate);

/**
 * Of the smallest pictures, with which a paused one is tried: they must not cost the sound much where there is no room for them.
 * Chromium's estimate never falls below what its sound and one picture take at least, 95 kbit/s.
 */
const least = 97;
export const leastNeeds = least * kbit;

/** From the best to the least. The last one is what is left when nothing but the sound gets through. */
export const ladders: Readonly<Record<Sent, readonly Step[]>> = {
  sound: [step(110, 'full'), step(0, 'thin')],
  camera: [
    step(400, 'full', { camera: picture(1_700, 1_080, 30) }),
    step(250, 'full', { camera: picture(600, 360, 20) }),
    step(130, 'full', { camera: picture(250, 240, 15) }),
    step(110, 'thin', { camera: picture(100, 180, 10) }),
    step(least, 'thin', { camera: picture(30, 90, 5) }),
    step(0, 'thin'),
  ],
  screen: [
    step(500, 'full', { screen: screen(2_500, 30) }),
    step(250, 'full', { screen: screen(1_000, 10) }),
    step(150, 'thin', { screen: screen(300, 5) }),
    step(least, 'thin', { screen: screen(60, 2) }),
    step(0, 'thin'),
  ],
  // The screen is what is being talked about: the camera gives way first.
  both: [
    step(900, 'full', { screen: screen(2_500, 30), camera: picture(600, 360, 20) }),
    step(500, 'full', { screen: screen(2_000, 15), camera: picture(150, 180, 10) }),
    step(250, 'full', { screen: screen(1_000, 10) }),
    step(150, 'thin', { screen: screen(300, 5) }),
    step(least, 'thin', { screen: screen(60, 2) }),
    step(0, 'thin'),
  ],
};
