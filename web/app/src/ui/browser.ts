/** Browsers that keep a site's permissions at different places. */
export type BrowserKind = 'chromium' | 'firefox' | 'safari' | 'ios';

/** On iPhones and iPads every browser is Safari underneath, and the system keeps the permissions. */
export function browserOf(userAgent: string, touchPoints: number): BrowserKind {
  const tablet = /Macintosh/.test(userAgent) && touchPoints > 1;
  if (/iPhone|iPad|iPod/.test(userAgent) || tablet) return 'ios';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  return /Safari\//.test(userAgent) && !/Chrom|Edg/.test(userAgent) ? 'safari' : 'chromium';
}

export const thisBrowser = (): BrowserKind => browserOf(navigator.userAgent, navigator.maxTouchPoints);
