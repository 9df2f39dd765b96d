// Spoils payloads: blindly, byte by byte, and knowingly, field by field. The same chance makes the same bytes.
import type { Seeded } from '../../test/simulation/seeded.ts';
import type { Field, Sample } from './samples.ts';

type Operator = (bytes: Uint8Array, random: Seeded, sample: Sample, other: Sample) => Uint8Array;

/** Operators by how often they are drawn. Those that use fields come first: they need the sample as it was. */
const byField: readonly (readonly [number, Operator])[] = [
  [8, setToBoundary],
  [5, nudge],
  [5, amplify],
  [3, cutAtField],
  [3, repeatFields],
  [2, dropField],
];
const byByte: readonly (readonly [number, Operator])[] = [
  [6, flipBits],
  [3, setByte],
  [3, truncate],
  [2, append],
  [2, splice],
  [1, repeatBytes],
  [1, dropBytes],
  [1, garbage],
];

/** A spoiled copy of a sample; `other` is what it may be spliced with. */
export function mutate(sample: Sample, other: Sample, random: Seeded): Uint8Array {
  const isKnowing = sample.fields.length > 0 && random.chance(0.6);
  let bytes = isKnowing ? drawn(byField, random)(sample.bytes.slice(), random, sample, other) : sample.bytes.slice();
  if (isKnowing && random.chance(0.7)) return bytes;
  for (let rounds = 1 + random.below(3); rounds > 0; rounds--) {
    bytes = drawn(byByte, random)(bytes, random, sample, other);
  }
  return bytes;
}

function drawn(operators: readonly (readonly [number, Operator])[], random: Seeded): Operator {
  let left = random.below(operators.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, operator] of operators) {
    left -= weight;
    if (left < 0) return operator;
  }
  return operators[0]![1];
}

/** A random field that is a number, or any field where there is none. */
function numberField(random: Seeded, { fields }: Sample): Field {
  for (let attempts = 0; attempts < 8; attempts++) {
    const field = random.pick(fields);
    if (field.isNumber) return field;
  }
  return random.pick(fields);
}

/** Writes a number as far as the field reaches, little-endian. */
function put(bytes: Uint8Array, { at, size }: Field, value: bigint): Uint8Array {
  let left = BigInt.asUintN(size * 8, value);
  for (let index = 0; index < size; index++) {
    bytes[at + index] = Number(left & 0xffn);
    left >>= 8n;
  }
  return bytes;
}

/** The field as a number; of longer ones the first 8 bytes. */
function get(bytes: Uint8Array, { at, size }: Field): bigint {
  let value = 0n;
  for (let index = Math.min(size, 8) - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index]!);
  return value;
}

const boundaries = [0n, 1n, 2n, 4n, 127n, 128n, 255n, 256n, 1000n, 1001n, 65_535n, 65_536n, 10_000_000n, 64_000_000n]
  .concat([1n << 31n, (1n << 31n) - 1n, (1n << 32n) - 1n, (1n << 32n) - 2n, 1n << 53n, (1n << 53n) - 1n])
  .concat([1n << 63n, (1n << 63n) - 1n, (1n << 64n) - 1n, (1n << 64n) - 2n, (1n << 128n) - 1n]);

function setToBoundary(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  return put(bytes, numberField(random, sample), random.pick(boundaries));
}

/** A little more or less: lengths and counts that are off by one. */
function nudge(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  const field = numberField(random, sample);
  return put(bytes, field, get(bytes, field) + BigInt(random.pick([-2, -1, 1, 2])));
}

/** Claims more than there is: twice as much, as many bytes as follow, or all that fits the field. */
function amplify(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  const field = numberField(random, sample);
  const rest = BigInt(bytes.byteLength - field.at - field.size);
  const claim = random.pick([get(bytes, field) * 2n, rest, rest + 1n, rest / 2n, -1n, 1n << 24n]);
  return put(bytes, field, claim);
}

function cutAtField(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  const { at, size } = random.pick(sample.fields);
  return bytes.slice(0, random.chance(0.5) ? at : at + size);
}

/** The same fields again, up to many times: lists longer than their count, nested counts with real elements. */
function repeatFields(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  const first = random.pick(sample.fields);
  const last = random.pick(sample.fields);
  const from = Math.min(first.at, last.at);
  const to = Math.max(first.at + first.size, last.at + last.size);
  const times = random.chance(0.1) ? Math.min(300, Math.floor(16_384 / (to - from)) + 1) : 1 + random.below(4);
  const piece = bytes.subarray(from, to);
  return joined(bytes.subarray(0, to), ...Array.from({ length: times }, () => piece), bytes.subarray(to));
}

function dropField(bytes: Uint8Array, random: Seeded, sample: Sample): Uint8Array {
  const { at, size } = random.pick(sample.fields);
  return joined(bytes.subarray(0, at), bytes.subarray(at + size));
}

function flipBits(bytes: Uint8Array, random: Seeded): Uint8Array {
  if (bytes.byteLength === 0) return bytes;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.byteLength);
    bytes[at] = bytes[at]! ^ (1 << random.below(8));
  }
  return bytes;
}

function setByte(bytes: Uint8Array, random: Seeded): Uint8Array {
  if (bytes.byteLength > 0) bytes[random.below(bytes.byteLength)] = random.pick([0, 1, 2, 3, 4, 5, 16, 127, 128, 255]);
  return bytes;
}

function truncate(bytes: Uint8Array, random: Seeded): Uint8Array {
  return bytes.slice(0, random.below(bytes.byteLength + 1));
}

function append(bytes: Uint8Array, random: Seeded): Uint8Array {
  return joined(bytes, noise(1 + random.below(40), random));
}

/** The beginning of one payload and the end of another, at fields or anywhere. */
function splice(bytes: Uint8Array, random: Seeded, _sample: Sample, other: Sample): Uint8Array {
  const from =
    other.fields.length > 0 && random.chance(0.5)
      ? random.pick(other.fields).at
      : random.below(other.bytes.byteLength + 1);
  return joined(bytes.subarray(0, random.below(bytes.byteLength + 1)), other.bytes.subarray(from));
}

function repeatBytes(bytes: Uint8Array, random: Seeded): Uint8Array {
  const from = random.below(bytes.byteLength + 1);
  const to = Math.min(bytes.byteLength, from + 1 + random.below(64));
  return joined(bytes.subarray(0, to), bytes.subarray(from));
}

function dropBytes(bytes: Uint8Array, random: Seeded): Uint8Array {
  const from = random.below(bytes.byteLength + 1);
  return joined(bytes.subarray(0, from), bytes.subarray(Math.min(bytes.byteLength, from + 1 + random.below(16))));
}

function garbage(_bytes: Uint8Array, random: Seeded): Uint8Array {
  return noise(random.below(200), random);
}

/** Bytes without any form. */
export function noise(size: number, random: Seeded): Uint8Array {
  const bytes = new Uint8Array(size);
  random.fill(bytes);
  return bytes;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const piece of pieces) size += piece.byteLength;
  const whole = new Uint8Array(size);
  let position = 0;
  for (const piece of pieces) {
    whole.set(piece, position);
    position += piece.byteLength;
  }
  return whole;
}
