import type { PeerEvent } from './call-machine.ts';
import type { SafetyCode } from './identity/code.ts';
import type { Acquaintance } from './identity/contact.ts';
import type { Credentials } from './identity/fingerprint.ts';

/** What is known of who is at the other end: the certificates of this very connection, and the code made of them. */
export type SafetyState =
  /** There is no connection, or the other side is a program without a safety code. */
  | { readonly kind: 'none' }
  /** Being worked out. `late`: the other side has not answered for ten seconds; it may yet. */
  | { readonly kind: 'checking'; readonly late: boolean }
  /** Both see the same code, unless somebody is in between. */
  | { readonly kind: 'code'; readonly code: SafetyCode; readonly contact: Acquaintance }
  /**
   * No code, and no honest reason for it. `certificates`: those of the connection are not what was negotiated, or have
   * changed in mid-call. `rules`: the other side's messages are not what an honest program sends.
   */
  | { readonly kind: 'broken'; readonly reason: 'certificates' | 'rules' };

/** One peer connection, for the safety code: its control channel, which is the way to the other browser, and its certificates. */
export interface SafetyLine {
  send(channel: 'control', data: string): void;
  credentials(): Promise<Credentials | null>;
}

export interface IdentityOptions {
  readonly room: string;
  /** Keeps the certificate, and the other side's fingerprint, for later calls in this room. */
  readonly remember: boolean;
  readonly onChange: (state: SafetyState) => void;
}

/** This browser's certificate for a room, and what comes of it. Loaded when a call is made, out of a part of its own. */
export interface Identity {
  /** For every peer connection from now on. */
  readonly certificate: RTCCertificate;
  /** Something happened on a peer connection. True: it was a message for the safety code alone. */
  hear(line: SafetyLine, event: PeerEvent): boolean;
  close(): void;
  confirm(match: boolean): void;
  setRemember(remember: boolean): Promise<void>;
  forget(): Promise<void>;
}

/** Whether a message on channel 0 is one of the safety code's. */
export const isSafetyMessage = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && (data as { type?: unknown }).type === 'safety';

export type OpenIdentity = (options: IdentityOptions) => Promise<Identity>;

export type { Acquaintance, Credentials, SafetyCode };
