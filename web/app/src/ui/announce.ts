/** Says something to people who listen to the page. Assertive interrupts: for errors only. */
export function announce(words: string, assertive = false): void {
  const region = regions()[assertive ? 1 : 0];
  if (!region) return;
  // The same words twice are news twice: an emptied region makes the second time a change.
  region.textContent = '';
  setTimeout(() => (region.textContent = words), 60);
  clearTimeout(forgetting);
  forgetting = window.setTimeout(forget, 10_000);
}

// What was said long ago is not part of the page: somebody who reads through it would find it there.
let forgetting = 0;
const forget = () => {
  for (const region of regions()) region.textContent = '';
};

function regions(): HTMLElement[] {
  const found = [...document.querySelectorAll<HTMLElement>('.announcer')];
  if (found.length === 2) return found;
  return ['polite', 'assertive'].map((politeness) => {
    const region = document.createElement('div');
    region.className = 'announcer heard-only';
    region.setAttribute('aria-live', politeness);
    document.body.append(region);
    return region;
  });
}
