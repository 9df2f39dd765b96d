// What the codec target feeds: every request and response of every generation, and the types that carry messages, each with valid samples.
import * as fc from 'fast-check';
import type { Command } from '../../generated/commands.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName, Protocol } from '../../src/protocol/protocol.ts';
import type { Codec } from '../codec.ts';
import { generations } from '../codecs.ts';
import { type Sample, sampleOf } from './samples.ts';

/** One decoder with what it is fed. Of types inside messages nothing is known but how to read and write them. */
export interface Subject {
  readonly generation: GenerationName;
  readonly name: string;
  readonly idBase: 0 | 1;
  readonly codec: Pick<Codec, 'decode' | 'encode' | 'sizeOf'>;
  readonly samples: readonly Sample[];
  /** For requests: how the server reads them. */
  readonly request: { readonly protocol: Protocol; readonly code: number; readonly command: Command } | undefined;
  /** It carries checksums, without which the server looks at nothing else. */
  readonly isSealed: boolean;
}

/** Payloads drawn for each type. */
const samplesPerSubject = 24;

/** Subjects of the generations wanted; the seed decides their samples. */
export function subjectsOf(wanted: readonly GenerationName[], seed: number): Subject[] {
  return generations
    .filter(({ name }) => wanted.includes(name))
    .flatMap(({ name, codecs }) => codecs.map((codec, index) => subjectOf(name, codec, seed + index)));
}

function subjectOf(generation: GenerationName, drawn: Codec, seed: number): Subject {
  const protocol = protocols.byName[generation];
  const request = [...protocol.commands].find(({ 1: { command } }) => command === drawn.name);
  const response = [...protocol.commands.values()].find(({ command }) => `${command}_response` === drawn.name);
  // The drawn codec reads the messages of sends and polls as well; what is tested is what the server has.
  const codec =
    request !== undefined
      ? requestCodec(request[1])
      : response !== undefined
        ? responseCodec(response)
        : { decode: drawn.decode, encode: drawn.encode, sizeOf: drawn.sizeOf };
  return {
    generation,
    name: drawn.name,
    idBase: protocol.idBase,
    codec,
    samples: fc
      .sample(drawn.values, { seed, numRuns: samplesPerSubject })
      .map((value) => sampleOf(written(drawn, value), codec.decode, drawn.decodeRegion)),
    request: request === undefined ? undefined : { protocol, code: request[0], command: request[1] },
    isSealed: generation === 'v0_9' && drawn.name === 'send_messages',
  };
}

function requestCodec({ decodeRequest, encodeRequest, sizeOfRequest }: Command): Subject['codec'] {
  return { decode: decodeRequest, encode: encodeRequest, sizeOf: sizeOfRequest };
}

function responseCodec({ decodeResponse, encodeResponse, sizeOfResponse }: Command): Subject['codec'] {
  return { decode: decodeResponse, encode: encodeResponse, sizeOf: sizeOfResponse };
}

/** The bytes of a value. @throws WireError */
export function written(codec: Subject['codec'], value: unknown, idBase = 0): Uint8Array {
  const writer = new Writer(codec.sizeOf(value), idBase);
  codec.encode(writer, value);
  return writer.bytes;
}
