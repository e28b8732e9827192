/** Why a call could not start or go on. The words for people belong to the page. */
export type CallErrorReason =
  /** Two people are in the room already. `retry()` asks again. */
  | 'room-full'
  /** The server has not answered so far; it is asked on and on, and the call goes on as it does. A running call never ends for this. */
  | 'server-unreachable'
  /** No path between the two browsers was found for long. `retry()` starts anew, on either side. */
  | 'connection-failed'
  /** This seat was taken over by another tab or device. `retry()` takes it back. */
  | 'replaced'
  /** A provisional seat had to yield to somebody who joined. */
  | 'displaced'
  /** The server asked to slow down; see `retryAfterMs`. */
  | 'rate-limited'
  /** The server does not let this person into this room. */
  | 'forbidden'
  /** The room's name is not one the server accepts. */
  | 'bad-room'
  /** The browser has no WebRTC, or an extension took it away. */
  | 'unsupported-browser'
  /** The server failed, or answered in a way this version does not understand. */
  | 'server-error';

/** What stands in the way of a connection, as far as this side can tell. The other side may know more. */
export type ConnectionObstacle =
  /** The server names no relay, so only a direct way was possible. */
  | 'no-relay'
  /** The relay answered, and refused: credentials, a quota, a rule. */
  | 'relay-refused'
  /** No answer from the relay: its port is closed somewhere on the way. */
  | 'relay-unreachable';

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly reason: CallErrorReason;
  /** When the server said how long to wait before the next try, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Of `connection-failed`; null where this side sees nothing wrong. */
  readonly obstacle: ConnectionObstacle | null;

  constructor(
    reason: CallErrorReason,
    retryAfterMs: number | null = null,
    obstacle: ConnectionObstacle | null = null,
  ) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.obstacle = obstacle;
  }
}
