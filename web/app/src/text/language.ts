/** The page's languages, by what they call themselves. */
export const languages = { en: 'English', 'zh-Hans': '简体中文' } as const;

export type Language = keyof typeof languages;

/** The first of the wished-for languages (as `navigator.languages` has them) that there is; English where none is. */
export function languageFor(wished: readonly string[]): Language {
  for (const wish of wished) {
    const [main] = wish.toLowerCase().split('-');
    if (main === 'zh') return 'zh-Hans';
    if (main === 'en') return 'en';
  }
  return 'en';
}
