import type { Heard } from '../ui/level.ts';

/** What the microphone tells about its person, besides sound. */
export type VoiceFact = 'talking' | 'dead';

export interface Voice {
  /** Loud readings among the last ones. */
  readonly loud: number;
  /** Dead readings in a row. */
  readonly dead: number;
}

export const quiet: Voice = { loud: 0, dead: 0 };

/** A reading comes 20 times a second: half a second of voice is talk, six seconds of nothing are a dead microphone. */
const talk = 10;
const death = 120;

/** Follows the readings; a fact is told once when it becomes true. */
export function listen(before: Voice, heard: Heard): readonly [Voice, VoiceFact | null] {
  const loud = heard.level > 0.45 ? before.loud + 2 : Math.max(0, before.loud - 1);
  const dead = heard.dead ? before.dead + 1 : 0;
  if (loud >= talk * 2) return [{ loud: 0, dead }, 'talking'];
  return [{ loud, dead }, dead === death ? 'dead' : null];
}
