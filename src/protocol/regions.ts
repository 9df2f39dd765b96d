// Small pieces that all message layouts share: views over regions and the count before polled messages.

/** A view over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The count that stands before the messages of a poll answer. */
export function countPrefix(count: number): Uint8Array {
  const prefix = new Uint8Array(4);
  viewOf(prefix).setUint32(0, count, true);
  return prefix;
}
