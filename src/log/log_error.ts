// The one error the log raises. It names a status of the protocol as text, as `WireError` does, and knows nothing of its number.

/** What went wrong. */
export type LogErrorKind =
  /** The log takes no appends: its state on disk is not known to be good. What was there before is still read. */
  | 'fenced'
  /** The bytes asked for do not pass their checksums. */
  | 'corrupted'
  /** The disk did not hand over the bytes; the same read may work later. */
  | 'read_failed'
  /** The log was closed or deleted. */
  | 'closed'
  /** Nothing was written; the same append may work later (disk full). */
  | 'write_failed'
  /** The batch is not what it claims to be. */
  | 'invalid_batch'
  /** The file was written by a newer format. */
  | 'newer_format'
  /** The file is encrypted, and not with the key that is set. */
  | 'wrong_key';

const statuses: Record<LogErrorKind, string> = {
  fenced: 'cannot_append_message',
  corrupted: 'cannot_read_message',
  read_failed: 'cannot_read_message',
  closed: 'partition_not_found',
  write_failed: 'cannot_append_message',
  invalid_batch: 'invalid_messages_size',
  newer_format: 'cannot_open_partition_log_file',
  wrong_key: 'cannot_open_partition_log_file',
};

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly kind: LogErrorKind;

  constructor(kind: LogErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }

  /** An error of the disk as one of the log; errors of the log stay as they are. */
  static from(kind: LogErrorKind, error: unknown): LogError {
    return error instanceof LogError ? error : new LogError(kind, (error as Error).message, error);
  }

  /** Name of the status that answers this error. */
  get status(): string {
    return statuses[this.kind];
  }
}
