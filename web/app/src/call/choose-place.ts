/**
 * Asks where to put a file; must be called from a click. Null: the person closed the question. Undefined: this browser does not
 * ask, or may not here (in a frame, say).
 */
export async function choosePlace(name: string): Promise<FileSystemFileHandle | null | undefined> {
  const { showSaveFilePicker } = window as {
    showSaveFilePicker?: (options: object) => Promise<FileSystemFileHandle>;
  };
  try {
    return await showSaveFilePicker?.call(window, { suggestedName: name });
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? null : undefined;
  }
}
