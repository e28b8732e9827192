/** Whether keys typed there are text or work a control, so that they are no shortcuts. */
function isBusy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable], dialog')) return true;
  return key === ' ' && target.closest('button, a, [tabindex], summary') !== null;
}

/** Single keys as shortcuts, never with a modifier or where something is typed; until the returned function is called. */
export function onKeys(handlers: {
  readonly down: (key: string) => boolean;
  readonly up: (key: string) => void;
}): () => void {
  const down = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, repeat, isComposing } = event;
    if (ctrlKey || metaKey || altKey || repeat || isComposing || isBusy(event.target, key)) return;
    if (handlers.down(key.toLowerCase())) event.preventDefault();
  };
  const up = (event: KeyboardEvent) => handlers.up(event.key.toLowerCase());
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  return () => {
    removeEventListener('keydown', down);
    removeEventListener('keyup', up);
  };
}
