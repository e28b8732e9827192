import { en, type Text } from './en.ts';

/** The words of the page in the person's language. */
export const text: Text = en;
