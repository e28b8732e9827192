import type { Contact } from './contact.ts';

/** What this browser keeps of one room. */
export interface Kept {
  readonly certificate: RTCCertificate;
  /** Takes its place when it expires; the other side knows its fingerprint already. */
  readonly next: RTCCertificate | null;
  readonly contact: Contact;
}

/** Never rejects: a browser that keeps nothing costs nothing but the comfort. */
export interface ContactStore {
  read(room: string): Promise<Kept | null>;
  write(room: string, kept: Kept): Promise<void>;
  /** Null: every room. */
  forget(room: string | null): Promise<void>;
}

const table = 'contacts';
/** In a browser that keeps its storage locked a request may never be answered. */
const withinMs = 1_000;
const maxRooms = 200;

/** Certificates are kept by the browser itself: their private keys are never seen by a page. */
export class BrowserContacts implements ContactStore {
  async read(room: string): Promise<Kept | null> {
    const kept = await run('readonly', (rooms) => rooms.get(room));
    return isKept(kept) ? kept : null;
  }

  async write(room: string, kept: Kept): Promise<void> {
    await run('readwrite', (rooms) => {
      const before = rooms.get(room);
      before.onsuccess = () => {
        const known: unknown = before.result;
        // The other end is a second tab of this browser, which has been here first: nobody to remember.
        if (isKept(known) && known.contact.own === kept.contact.fingerprint) rooms.delete(room);
        else rooms.put({ ...kept, at: Date.now() }, room);
      };
      const keys = rooms.getAllKeys();
      keys.onsuccess = () => {
        if (keys.result.length > maxRooms) prune(rooms);
      };
      return before;
    });
  }

  async forget(room: string | null): Promise<void> {
    await run('readwrite', (rooms) => (room === null ? rooms.clear() : rooms.delete(room)));
  }
}

/** The room that was not used for longest goes. */
function prune(rooms: IDBObjectStore): void {
  let oldest: { readonly key: IDBValidKey; readonly at: number } | null = null;
  const walk = rooms.openCursor();
  walk.onsuccess = () => {
    const cursor = walk.result;
    if (!cursor) {
      if (oldest) rooms.delete(oldest.key);
      return;
    }
    const at = (cursor.value as { at?: number }).at ?? 0;
    if (!oldest || at < oldest.at) oldest = { key: cursor.key, at };
    cursor.continue();
  };
}

async function run(mode: IDBTransactionMode, work: (rooms: IDBObjectStore) => IDBRequest): Promise<unknown> {
  let database: IDBDatabase | null = null;
  try {
    const opened = await settle(open());
    database = opened;
    const transaction = opened.transaction(table, mode);
    const request = work(transaction.objectStore(table));
    await settle(
      new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      }),
    );
    return request.result;
  } catch {
    // Storage is switched off, full or locked: the certificate lives as long as the tab.
    return null;
  } finally {
    database?.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('parley', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const settle = <T>(promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('timeout')), withinMs)),
  ]);

function isKept(value: unknown): value is Kept {
  const { certificate, next, contact } = (value ?? {}) as Partial<Kept>;
  return (
    certificate instanceof RTCCertificate &&
    (next === null || next instanceof RTCCertificate) &&
    typeof contact?.fingerprint === 'string' &&
    typeof contact.digest === 'string'
  );
}
