// How frames begin: the 8-byte heads of generations 0.4 to 0.8 and the 256-byte ones of 0.9. Enough to cut a stream of bytes into requests.
import { RequestHeaderView as ClassicHeader } from '../../generated/common/request_header.ts';
import { operations } from '../../generated/v0_9/protocol.ts';
import { RequestHeaderView as ReplicatedHeader } from '../../generated/v0_9/request_header.ts';
import { u32At } from '../bytes/reader.ts';
import type { Framing, GenerationName } from './protocol.ts';

/** The part of a classic head that its length counts. */
const codeSize = ClassicHeader.headerSize - ClassicHeader.codeAt;

const classicFraming: Framing = {
  headSize: ClassicHeader.headerSize,
  isHeadKept: false,
  begins: (bytes, at) => u32At(bytes, at + ClassicHeader.lengthAt) >= codeSize,
  payloadSize: (bytes, at) => u32At(bytes, at + ClassicHeader.lengthAt) - codeSize,
  code: (bytes, at) => u32At(bytes, at + ClassicHeader.codeAt),
};

/** The operation that leaves the command to a code. */
export const byCodeOperation = 2;

const replicatedFraming: Framing = {
  headSize: ReplicatedHeader.headerSize,
  isHeadKept: true,
  begins: (bytes, at) => u32At(bytes, at) === 0,
  payloadSize: (bytes, at) => u32At(bytes, at + ReplicatedHeader.frameSizeAt) - ReplicatedHeader.headerSize,
  code(bytes, at) {
    const operation = bytes[at + ReplicatedHeader.operationAt]!;
    return operation === byCodeOperation
      ? u32At(bytes, at + ReplicatedHeader.codeAt)
      : (operations.get(operation) ?? 0);
  },
};

/** The framings of these generations. The first bytes of a connection tell which one it uses. */
export function framingsOf(generations: readonly GenerationName[]): readonly Framing[] {
  const isReplicated = (name: GenerationName): boolean => name === 'v0_9';
  return [
    ...(generations.every(isReplicated) ? [] : [classicFraming]),
    ...(generations.some(isReplicated) ? [replicatedFraming] : []),
  ];
}
