// What one connection and one listener may use, in bytes and milliseconds. `config.whippet.limits` has this shape.

/** Limits of one connection. A deadline of 0 is off. */
export interface ConnectionLimits {
  /** A request with its 8-byte head. */
  readonly frameSizeMaxBytes: number;
  readonly frameSizeMaxBeforeLoginBytes: number;
  /** Bytes of requests held while an earlier one is being answered; beyond it the socket is not read. */
  readonly waitingSizeMaxBytes: number;
  /** Bytes of replies that the client has not read; beyond it no further request is begun. */
  readonly outputSizeMaxBytes: number;
  readonly outputSizeMaxBeforeLoginBytes: number;
  /** Time without a login since the connection was opened, logged out or was last answered, be it a ping. */
  readonly loginDeadlineMs: number;
  /** Time without a byte inside an unfinished request. */
  readonly frameDeadlineMs: number;
  /** Time for waiting replies to leave, plus one second for each 64 KiB of them. */
  readonly writeDeadlineMs: number;
  /** Time for the last reply to leave once the connection is being closed. */
  readonly closeDeadlineMs: number;
}

/** Limits of one listener. */
export interface ListenerLimits {
  readonly connectionsMax: number;
  /** Connections that have not logged in, in all and per remote address; beyond it the oldest is closed. */
  readonly connectionsBeforeLoginMax: number;
  readonly connectionsBeforeLoginPerAddressMax: number;
  readonly handshakeDeadlineMs: number;
  /** Time for requests in hand to finish when the listener stops. */
  readonly stopDeadlineMs: number;
}
