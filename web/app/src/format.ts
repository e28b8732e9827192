/** Time in a call as clocks show it: 0:07, 12:03, 1:02:03. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The same for the `datetime` attribute: PT1H2M3S. */
export function isoDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `PT${Math.floor(seconds / 3600)}H${Math.floor(seconds / 60) % 60}M${seconds % 60}S`;
}

/** What stands in for a face: the first letter of each of the first two words, as people see letters. */
export function initials(name: string | null): string {
  const words = (name ?? '').trim().split(/\s+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => firstLetter(word).toLocaleUpperCase())
    .join('');
}

// As people see letters: an emoji of several code points is one. Firefox has the segmenter since version 125.
function firstLetter(word: string): string {
  if (!('Segmenter' in Intl)) return [...word][0] ?? '';
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return '';
}

/** How long ago something was, in the words of the person's language: yesterday, 3 weeks ago. */
export function ago(then: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const minutes = Math.round((then - now) / 60_000);
  if (minutes > -60) return format.format(Math.min(0, minutes), 'minute');
  const hours = Math.round(minutes / 60);
  if (hours > -24) return format.format(hours, 'hour');
  const days = Math.round(hours / 24);
  return days > -14 ? format.format(days, 'day') : format.format(Math.round(days / 7), 'week');
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** An amount of data with the unit that fits it: 512 byte, 3.4 MB. */
export function dataSize(bytes: number, locale: string): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = units[power] ?? 'byte';
  const value = bytes / 1000 ** power;
  return dataFormat(locale, unit, power === 0 || value >= 100 ? 0 : 1).format(value);
}

/** Made once: a browser takes a good part of a millisecond for one, and progress asks for several a second. */
function dataFormat(locale: string, unit: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${unit} ${maximumFractionDigits}`;
  const known =
    dataFormats.get(key) ?? new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits });
  dataFormats.set(key, known);
  return known;
}

const dataFormats = new Map<string, Intl.NumberFormat>();
