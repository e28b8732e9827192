/** Files that are dropped anywhere on the page or pasted; the result ends it. `onOver` tells whether some hang over it. */
export function takeFiles(
  onFiles: (files: readonly File[]) => void,
  onOver: (over: boolean) => void,
): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  // Entering a part of the page comes before leaving the part around it.
  let depth = 0;
  const enter = (by: number) => {
    depth = Math.max(0, depth + by);
    onOver(depth > 0);
  };
  addEventListener('dragenter', (event) => hasFiles(event.dataTransfer) && enter(1), { signal });
  addEventListener('dragleave', (event) => hasFiles(event.dataTransfer) && enter(-1), { signal });
  addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      // Without this the browser would open the file in place of the call.
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth = 0;
      onOver(false);
      give(onFiles, event.dataTransfer);
    },
    { signal },
  );
  addEventListener(
    'paste',
    (event) => {
      if (!hasFiles(event.clipboardData)) return;
      // Cells of a spreadsheet come as text and as a picture of them: in a text field the text is meant.
      if (event.target instanceof HTMLTextAreaElement && event.clipboardData.types.includes('text/plain'))
        return;
      event.preventDefault();
      give(onFiles, event.clipboardData);
    },
    { signal },
  );
  return () => ended.abort();
}

function hasFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes('Files') ?? false;
}

function give(onFiles: (files: readonly File[]) => void, data: DataTransfer): void {
  // A folder looks like a file until somebody reads it.
  const files = [...data.items].flatMap((item) => {
    const file =
      item.kind === 'file' && item.webkitGetAsEntry()?.isDirectory !== true ? item.getAsFile() : null;
    return file ? [file] : [];
  });
  if (files.length > 0) onFiles(files);
}
