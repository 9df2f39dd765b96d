// Compares one type of one generation with an official crate, over many drawn values and in both directions.
import * as fc from 'fast-check';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { type Codec, decode, encode } from './codec.ts';
import { comparable, withinCrate } from './crate_limits.ts';
import { fieldDump } from './field_dump.ts';
import { hiddenFrom } from './hidden_fields.ts';
import type { Oracle, Question } from './oracle.ts';
import { difference, fromHex, toHex, toJson } from './values.ts';

/** How many values were compared in which direction. */
export interface Compared {
  readonly encoded: number;
  readonly decoded: number;
}

interface Mismatch {
  readonly problem: string;
  readonly ours: Uint8Array | undefined;
  readonly theirs: Uint8Array | undefined;
  readonly value: unknown;
}

/** Values that go over the pipe at once: enough to keep both sides busy, few enough to keep memory small. */
const batchSize = 250;

export class Comparison {
  readonly #generation: GenerationName;
  readonly #codec: Codec;
  readonly #oracle: Oracle;
  readonly #encodes: boolean;
  readonly #decodes: boolean;
  readonly #shortest: number;

  constructor(generation: GenerationName, codec: Codec, oracle: Oracle) {
    this.#generation = generation;
    this.#codec = codec;
    this.#oracle = oracle;
    this.#encodes = oracle.types.encode.includes(codec.name);
    this.#decodes = oracle.types.decode.includes(codec.name);
    this.#shortest = oracle.types.shortest[codec.name] ?? 0;
  }

  /** Compares at least `cases` values per direction. Throws at the first that differs, shrunk. */
  async run(cases: number, seed: number): Promise<Compared> {
    const values = this.values();
    const drawn = fc.sample(values, { numRuns: cases, seed });
    const long = drawn.filter((value) => this.#takes(value));
    const missing = this.#decodes ? cases - long.length : 0;
    if (missing > 0)
      drawn.push(
        ...fc.sample(
          values.filter((value) => this.#takes(value)),
          { numRuns: missing, seed: seed + 1 },
        ),
      );
    for (let from = 0; from < drawn.length; from += batchSize) {
      const mismatch = await this.#mismatch(drawn.slice(from, from + batchSize));
      if (mismatch !== undefined) throw new Error(await this.#report(mismatch, drawn.length, seed));
    }
    return {
      encoded: this.#encodes ? drawn.length : 0,
      decoded: this.#decodes ? long.length + Math.max(missing, 0) : 0,
    };
  }

  /** Compares these values. Throws at the first that differs. */
  async check(values: readonly unknown[]): Promise<void> {
    const mismatch = await this.#mismatch(values);
    if (mismatch !== undefined) throw new Error(this.#described(mismatch));
  }

  /** What can be drawn of this type within the limits of the crate. */
  values(): fc.Arbitrary<unknown> {
    return this.#codec.values
      .map((value) => withinCrate(this.#generation, this.#codec.name, value))
      .filter((value) => value !== undefined);
  }

  /** The first value whose bytes or meaning differ. */
  async #mismatch(values: readonly unknown[]): Promise<Mismatch | undefined> {
    const type = this.#codec.name;
    const ours = values.map((value) => encode(this.#codec, value));
    const encoding: Question[] = this.#encodes
      ? values.map((value) => ({ op: 'encode', type, value: toJson(value) }))
      : [];
    const decoding: Question[] = this.#decodes
      ? ours.filter((bytes) => this.#isLongEnough(bytes)).map((bytes) => ({ op: 'decode', type, hex: toHex(bytes) }))
      : [];
    const [encoded, decoded] = await Promise.all([this.#oracle.ask(encoding), this.#oracle.ask(decoding)]);
    const shown = decoded.values();
    for (const [index, value] of values.entries()) {
      const bytes = ours[index]!;
      const answer = encoded[index];
      const theirs = answer?.hex === undefined ? undefined : fromHex(answer.hex);
      const problem =
        (answer === undefined ? undefined : this.#encodingProblem(value, bytes, answer)) ??
        (this.#decodes && this.#isLongEnough(bytes) ? this.#decodingProblem(value, shown.next().value!) : undefined);
      if (problem !== undefined) return { problem, ours: bytes, theirs, value };
    }
    return undefined;
  }

  #encodingProblem(value: unknown, ours: Uint8Array, answer: { hex?: string; error?: string; unsupported?: string }) {
    if (answer.hex === undefined) return `the crate does not encode it: ${answer.error ?? answer.unsupported}`;
    const theirs = fromHex(answer.hex);
    if (Buffer.compare(ours, theirs) !== 0) return `the bytes differ from byte ${firstDifferent(ours, theirs)} on`;
    const different = difference(toJson(value), toJson(decode(this.#codec, theirs)));
    return different && `our decoder reads another value from the crate's bytes, ${different}`;
  }

  #decodingProblem(value: unknown, answer: { value?: unknown; error?: string; unsupported?: string }) {
    if (answer.value === undefined) return `the crate does not decode our bytes: ${answer.error ?? answer.unsupported}`;
    const view = (json: unknown) => comparable(this.#generation, this.#codec.name, json);
    const different = difference(
      view(toJson(value)),
      view(answer.value),
      hiddenFrom(this.#generation, this.#codec.name),
    );
    return different && `the crate reads another value from our bytes, ${different}`;
  }

  #takes(value: unknown): boolean {
    return this.#shortest === 0 || this.#isLongEnough(encode(this.#codec, value));
  }

  #isLongEnough(bytes: Uint8Array): boolean {
    return bytes.byteLength >= this.#shortest;
  }

  /** Draws the same values again to find a smaller one that fails. */
  async #report(found: Mismatch, numRuns: number, seed: number): Promise<string> {
    const property = fc.asyncProperty(this.values(), async (value) => (await this.#mismatch([value])) === undefined);
    const { counterexample } = await fc.check(property, { numRuns, seed, interruptAfterTimeLimit: 20_000 });
    const smallest = counterexample === null ? undefined : await this.#mismatch([counterexample[0]]);
    return `${this.#described(smallest ?? found)}\nseed: ${seed} (WHIPPET_SEED=${seed} draws the same values)`;
  }

  #described({ problem, ours, theirs, value }: Mismatch): string {
    const { decode, decodeRegion } = this.#codec;
    const decodeWith = (bytes: Uint8Array) => `${toHex(bytes)}\n${fieldDump(bytes, decode, decodeRegion)}`;
    return [
      `${this.#generation} ${this.#codec.name}: ${problem}`,
      `value: ${JSON.stringify(toJson(value))}`,
      `ours:   ${ours === undefined ? 'none' : decodeWith(ours)}`,
      `theirs: ${theirs === undefined ? 'none' : decodeWith(theirs)}`,
    ].join('\n');
  }
}

function firstDifferent(ours: Uint8Array, theirs: Uint8Array): number {
  const index = ours.findIndex((byte, at) => byte !== theirs[at]);
  return index === -1 ? ours.byteLength : index;
}
