import { type DiskReply, type DiskRequest, type Found, folderName } from './disk-protocol.ts';
import { chainBytes } from './frames.ts';
import { release } from './release.ts';

/**
 * Writes received files into the origin private file system: only a worker may write there in place. Beside each file lies
 * what is known of it, the number of chunks and the chain over them, so that a reloaded page goes on where it was.
 */

/** Typed by the DOM library for workers only. */
interface SyncHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
type Handle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };
interface Open {
  readonly data: SyncHandle;
  readonly known: SyncHandle;
  /** What is written, and the chain over it. */
  next: number;
  chain: Uint8Array | null;
}

/** A reloaded page goes on at the last note: at most this many chunks come a second time. */
const noteEvery = 16;

const forgetAfterMs = 24 * 60 * 60 * 1000;
const open = new Map<string, Open>();
let folder: Promise<FileSystemDirectoryHandle> | null = null;

addEventListener('message', ({ data: { number, request } }: MessageEvent) => {
  carryOut(request as DiskRequest).then(
    (value) => postMessage({ number, value } satisfies DiskReply),
    (error: unknown) =>
      postMessage({ number, error: error instanceof Error ? error.name : 'Error' } satisfies DiskReply),
  );
});

async function carryOut(request: DiskRequest): Promise<unknown> {
  const { id } = request;
  switch (request.op) {
    case 'open':
      return openFile(await openFolder(), id, request.size, request.most);
    case 'has':
      return (await openFolder()).getFileHandle(`${id}.known`).then(
        () => true,
        () => false,
      );
    case 'append':
      return append(handlesOf(id), request);
    case 'finish': {
      const file = handlesOf(id);
      takeNote(file);
      file.data.flush();
      return close(id);
    }
    case 'discard':
      close(id);
      return remove(await openFolder(), id);
    default:
      return request satisfies never;
  }
}

function append(file: Open, { chunks, at, next, chain }: Extract<DiskRequest, { op: 'append' }>): void {
  let end = at;
  for (const chunk of chunks) {
    if (file.data.write(chunk, { at: end }) < chunk.length)
      throw new DOMException('full', 'QuotaExceededError');
    end += chunk.length;
    release(chunk.buffer);
  }
  const noted = Math.floor(file.next / noteEvery);
  file.next = next;
  file.chain = chain;
  if (Math.floor(next / noteEvery) > noted) takeNote(file);
}

/** Once; tried again if it did not work. */
function openFolder(): Promise<FileSystemDirectoryHandle> {
  folder ??= makeFolder().catch((error: unknown) => {
    folder = null;
    throw error;
  });
  return folder;
}

async function makeFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const made = await root.getDirectoryHandle(folderName, { create: true });
  void forgetOld(made);
  return made;
}

async function openFile(
  folder: FileSystemDirectoryHandle,
  id: string,
  size: number,
  most: number,
): Promise<Found> {
  const data = await lock(folder, id);
  try {
    const known = await lock(folder, `${id}.known`);
    open.set(id, { data, known, next: 0, chain: null });
    const note = new Uint8Array(4 + chainBytes);
    const read = known.read(note, { at: 0 });
    const next = new DataView(note.buffer).getUint32(0);
    if (read === note.length && data.getSize() === size && next <= most)
      return { next, chain: next > 0 ? note.slice(4) : null };
    // Takes the room at once: better a no now than in the middle.
    data.truncate(size);
    return { next: 0, chain: null };
  } catch (error) {
    data.close();
    close(id);
    await remove(folder, id);
    throw error;
  }
}

/** A page before this one may still be about to let go. */
async function lock(folder: FileSystemDirectoryHandle, name: string): Promise<SyncHandle> {
  const handle = (await folder.getFileHandle(name, { create: true })) as Handle;
  for (let left = 30; ; left--) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function takeNote({ known, next, chain }: Open): void {
  if (!chain) return;
  const note = new Uint8Array(4 + chainBytes);
  new DataView(note.buffer).setUint32(0, next);
  note.set(chain, 4);
  known.write(note, { at: 0 });
}

function handlesOf(id: string): Open {
  const handles = open.get(id);
  if (!handles) throw new DOMException('not open', 'InvalidStateError');
  return handles;
}

function close(id: string): void {
  open.get(id)?.data.close();
  open.get(id)?.known.close();
  open.delete(id);
}

async function remove(folder: FileSystemDirectoryHandle, id: string): Promise<void> {
  // Not there, or open in another tab: then it is not ours to remove.
  for (const name of [id, `${id}.known`]) await folder.removeEntry(name).catch(() => undefined);
}

/** What nobody fetched within a day. */
async function forgetOld(folder: FileSystemDirectoryHandle): Promise<void> {
  const entries = (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values();
  for await (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const file = await (entry as FileSystemFileHandle).getFile().catch(() => null);
    if (file && Date.now() - file.lastModified > forgetAfterMs)
      await folder.removeEntry(entry.name).catch(() => undefined);
  }
}
