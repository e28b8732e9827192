/** Things kept in this browser only, under `parley.*`. A browser that keeps nothing costs nothing but the comfort. */
export function recall(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`parley.${key}`) ?? 'null');
  } catch {
    // Storage is switched off, or somebody else wrote there.
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`parley.${key}`, JSON.stringify(value));
  } catch {
    // Storage is full or switched off.
  }
}
