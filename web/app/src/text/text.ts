import { recall, remember } from '../memory/memory.ts';
import { en, type Text } from './en.ts';
import { type Language, languageFor } from './language.ts';

/** The words of the page in the person's language. */
export let text: Text = en;

/** The language chosen on this page before, else the best of the browser's. */
export function language(): Language {
  const chosen = recall('language');
  return languageFor(typeof chosen === 'string' ? [chosen] : navigator.languages);
}

/** Fetches the words before anything is drawn with them. */
export async function loadText(): Promise<void> {
  if (language() === 'zh-Hans') text = (await import('./zh.ts')).zh;
  document.documentElement.lang = text.locale;
}

/** Everything is drawn anew in another language. */
export function chooseLanguage(chosen: Language): void {
  remember('language', chosen);
  location.reload();
}
