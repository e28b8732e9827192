/** A file on its way, as the page shows it. A new object on every change. */
export interface FileTransfer {
  readonly id: string;
  readonly direction: 'sending' | 'receiving';
  /** Made harmless to show and to save under: no path, nothing invisible. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** What the sender says it is, or empty: for showing, never for opening. */
  readonly type: string;
  readonly state: FileState;
  /** How much the receiver has, checked and stored. */
  readonly bytes: number;
  /** Bytes per second of late; null while nothing moves. */
  readonly rate: number | null;
  /** When it was offered: wall clock, ms. */
  readonly at: number;
  /** It goes straight to a place that the person chose: once it is done, it is there. */
  readonly placed: boolean;
}

export type FileState =
  /** The receiver has not said yes or no. */
  | { readonly kind: 'offered' }
  | { readonly kind: 'moving' }
  /** Somebody paused it; each side lifts its own pause only. */
  | { readonly kind: 'paused'; readonly byMe: boolean; readonly byPeer: boolean }
  /** There is no connection, or others go first: it goes on by itself. */
  | { readonly kind: 'waiting' }
  /** Received in full and checked. Received ones: see {@link CallFiles.open}. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: FileProblem };

export type FileProblem =
  | 'cancelled-by-me'
  | 'cancelled-by-peer'
  | 'declined-by-me'
  | 'declined-by-peer'
  /** The sender's file changed, moved or cannot be read any more. */
  | 'unreadable'
  /** No room on the receiver's side. */
  | 'no-room'
  /** The receiver's browser could not store it. */
  | 'storage-failed'
  /** What came in is not what was read. */
  | 'corrupt'
  /** One side does not keep to the protocol. */
  | 'breach'
  /** The sender's page was reloaded or closed and has the file no more. */
  | 'sender-gone'
  /** The call ended. */
  | 'call-ended';

export interface CallFiles {
  /** All files of this call, in the order they were offered. */
  readonly list: readonly FileTransfer[];
  /** How many frames were dropped because they broke the protocol or came in a flood. */
  readonly dropped: number;
  /** Offers files to the other person, now or as soon as there is a connection. */
  offer(files: Iterable<File>): void;
  /**
   * Takes a file that is offered to us.
   * @param place Where the person wants it (`showSaveFilePicker`): written there as it comes, over reconnections, but not over
   * a reload, after which it is offered again. Without one the browser keeps it until the page {@link open}s it.
   */
  accept(id: string, place?: FileSystemFileHandle): void;
  /** Says no to an offered file, or stops one on its way, in either direction. */
  cancel(id: string): void;
  /** Stops the flow for a while, in either direction. */
  pause(id: string): void;
  resume(id: string): void;
  /**
   * A file that is here in full: one received and done, or one of ours. Null for any other. It has no type: what the other
   * side said of it is no reason to open it as such.
   */
  open(id: string): Blob | null;
}
