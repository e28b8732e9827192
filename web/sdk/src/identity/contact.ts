import type { Hex32, Pair } from './code.ts';

/** The browser at the other end of a room, as this browser knows it. */
export interface Contact {
  /** Of the certificate it showed. */
  readonly fingerprint: Hex32;
  /** Of the one that it said would follow. */
  readonly next: Hex32 | null;
  /** The two people compared the code. */
  readonly compared: boolean;
  /** Our own certificate then, and the digest of the code with it. */
  readonly own: Hex32;
  readonly digest: Hex32;
}

/** How the other browser looks beside what is remembered of this room. */
export type Acquaintance =
  /** Nothing is remembered. */
  | 'new'
  /** The same as last time, though nobody compared the code. */
  | 'same'
  /** The same as when the code was compared. */
  | 'compared'
  /** Another one than last time. */
  | 'changed'
  /** Somebody said that the codes differ. */
  | 'differs';

export function acquaintance(contact: Contact | null, { own, peer }: Pair): Acquaintance {
  if (!contact) return 'new';
  // A second tab of this very browser.
  if (own === peer) return 'same';
  if (contact.fingerprint !== peer && contact.next !== peer) return 'changed';
  return contact.compared ? 'compared' : 'same';
}
