/** What the page asks of the worker that writes received files. Apart from the worker, whose code must not run in the page. */
export type DiskRequest =
  | { readonly op: 'open'; readonly id: string; readonly size: number; readonly most: number }
  | { readonly op: 'has'; readonly id: string }
  /** The buffer comes back with the reply. */
  | {
      readonly op: 'append';
      readonly id: string;
      readonly data: Uint8Array<ArrayBuffer>;
      readonly at: number;
      readonly next: number;
      readonly chain: Uint8Array<ArrayBuffer>;
    }
  | { readonly op: 'finish'; readonly id: string }
  | { readonly op: 'discard'; readonly id: string };

export interface DiskReply {
  readonly number: number;
  readonly value?: unknown;
  /** The name of what went wrong. */
  readonly error?: string;
}

export interface Found {
  readonly next: number;
  readonly chain: Uint8Array | null;
}

export const folderName = 'parley-files';
