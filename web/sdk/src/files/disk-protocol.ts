/** What the page asks of the worker that writes received files. Apart from the worker, whose code must not run in the page. */
export type DiskRequest =
  | { readonly op: 'open'; readonly id: string; readonly size: number; readonly most: number }
  | { readonly op: 'has'; readonly id: string }
  /** The buffers of the chunks are the worker's from then on. */
  | {
      readonly op: 'append';
      readonly id: string;
      readonly chunks: readonly Uint8Array<ArrayBuffer>[];
      /** Where the first of them goes. */
      readonly at: number;
      /** How many are written then, and the chain over all of them. */
      readonly next: number;
      readonly chain: Uint8Array;
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
