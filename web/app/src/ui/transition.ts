/** Lets what has the same `view-transition-name` before and after a change move from there to there. */
export async function transition(change: () => void | Promise<void>): Promise<void> {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!('startViewTransition' in document) || still || document.visibilityState === 'hidden') return change();
  const moving = document.startViewTransition(change);
  // A transition that gives way to the next one is no error.
  moving.ready.catch(() => {});
  await moving.updateCallbackDone;
}
