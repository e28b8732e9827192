/** Control characters and those that turn the direction of writing: with U+202E in it, "annexe…gpj.exe" reads as a picture. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const maxLength = 180;

/** A peer's name for a file, harmless to show and to save under: no path, nothing invisible, not empty, not endless. */
export function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const plain = base
    // A joiner inside an emoji is part of it; anything else that cannot be seen is marked.
    .replace(hidden, (character) => (character === '\u200d' ? character : '\ufffd'))
    // What Windows does not take in a name, and what would hide a file or end its name early.
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\.+|[. ]+$/g, '_')
    .trim();
  const letters = [...plain];
  if (letters.length <= maxLength) return plain || 'file';
  // The ending says what it is, so the middle goes.
  const dot = letters.lastIndexOf('.');
  const ending = dot > 0 && letters.length - dot <= 16 ? letters.slice(dot) : [];
  return [...letters.slice(0, maxLength - ending.length - 1), '…', ...ending].join('');
}

const type = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;

/** A peer's word on what a file is, if it has the form of a media type at all; for showing, never for opening. */
export function safeType(claimed: string): string {
  const lower = claimed.toLowerCase();
  return type.test(lower) ? lower : '';
}
