/** A phone may know full screen for videos only; then there is none for the page. */
export const canFillScreen = (): boolean => document.fullscreenEnabled === true;

export const fillsScreen = (): boolean => document.fullscreenElement !== null;

export async function toggleFullScreen(): Promise<void> {
  if (fillsScreen()) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
}
