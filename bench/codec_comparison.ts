// The kinds of comparison of `pnpm bench codec`, alike in each generation: walking a batch, reading a payload, writing one.
import type { Comparison, Contestant } from './measure.ts';
import { messageCount, payloadSize } from './sample_messages.ts';

/** Where the messages of a payload are: from byte `position` of `bytes`, to be read in place. */
export type Located = readonly [bytes: DataView, position: number, count: number];

/** The same messages read in several ways, each to offset, lengths, size and position of the payload. */
export interface Walks {
  kaitai(): number;
  objects(): number;
  view(): number;
  /** With one view for all batches, as the server has it, where `view` makes one per batch. */
  sharedView?(): number;
}

/** A whole payload, read from its first byte. */
export interface Readings extends Walks {
  /** Reads all fields, so it adds up to something else: `everyFieldExpected`, as taken from the objects. */
  everyField(): number;
  readonly everyFieldExpected: number;
}

const shape = `${messageCount} messages of ${payloadSize} bytes`;

/** What reading in place must be worth on a batch of messages. */
const viewTarget = { contestant: 'view', ratio: 20 };

/** Compares walks over a batch of messages, without the request or answer around it. */
export function walkComparison(batch: string, walks: Walks): Comparison {
  return { title: `${batch}, ${shape}: walk`, messageCount, target: viewTarget, contestants: walkers(walks) };
}

/** Compares readings of a whole payload. */
export function readComparison(payload: string, readings: Readings): Comparison {
  const { everyFieldExpected: expected } = readings;
  const everyField: Contestant = { name: 'view, every field', expected, run: () => readings.everyField() };
  return { title: `${payload}, ${shape}: read`, messageCount, contestants: [...walkers(readings), everyField] };
}

/** What the object decoder adds up is what the others must. */
function walkers(walks: Walks): Contestant[] {
  const expected = walks.objects();
  const contestants: Contestant[] = [
    { name: 'Kaitai reader', expected, run: () => walks.kaitai() },
    { name: 'object decoder', expected, run: () => walks.objects() },
    { name: 'view', expected, run: () => walks.view() },
  ];
  const { sharedView } = walks;
  if (sharedView !== undefined) contestants.push({ name: 'view, shared by batches', expected, run: sharedView });
  return contestants;
}

/** Compares ways to make exactly `bytes` with a copy of them. */
export function writeComparison(
  payload: string,
  bytes: Uint8Array,
  encoders: Readonly<Record<string, () => Uint8Array>>,
): Comparison {
  const expected = traceOf(bytes);
  const contestants: Contestant[] = [{ name: 'copy', expected, run: () => traceOf(new Uint8Array(bytes)) }];
  for (const [name, encode] of Object.entries(encoders))
    contestants.push({ name, expected, run: () => traceOf(encode()) });
  return { title: `${payload}, ${shape}: write`, messageCount, contestants };
}

/** A number that depends on how much was written, and on what at three places. */
function traceOf(bytes: Uint8Array): number {
  const size = bytes.byteLength;
  return size * 0x100_0000 + bytes[30]! * 0x1_0000 + bytes[size >> 1]! * 0x100 + bytes[size - 1]!;
}

/** A view over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes with a buffer of their own, as Kaitai wants them. */
export function detached(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** The low bits of a big integer, to be added up without loss. */
export function lowBits(value: bigint): number {
  return Number(BigInt.asUintN(24, value));
}

/** The 16 bytes of a 128-bit integer as Kaitai leaves them. */
export function littleEndian128(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** What a view must not do: read past the end. */
export function pastEnd(index: number): RangeError {
  return new RangeError(`message ${index} reaches past the payload`);
}
