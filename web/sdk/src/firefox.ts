/** Of the browsers only Firefox has it. */
export const isFirefox = 'mozInnerScreenX' in globalThis;
