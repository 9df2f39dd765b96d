// Values that drawn commands share: few enough names and ids that commands meet, and values at and beyond the boundaries.
import * as fc from 'fast-check';
import type { CommandName } from '../../generated/commands.ts';
import { afterwards, brokenCharacter, caseStart } from './step.ts';

export type Fields = Record<string, fc.Arbitrary<unknown>>;
/** A command with how often it is drawn and its fields. */
export type DrawnCommand = readonly [number, CommandName, Fields];

export const u32Max = 0xffff_ffff;
export const u64Max = 2n ** 64n - 1n;

export function weighted<T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

export const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const oddNames = of(
  'a',
  'ab',
  'Mixed  Case',
  ' padded ',
  '123',
  '2',
  'é-_.ß',
  'a/b',
  'emoji🎈',
  ' ',
  '',
  `broken${brokenCharacter}`,
  'x'.repeat(255),
  'Ü'.repeat(127),
);
export const names = weighted([12, of('alpha', 'beta', 'gamma')], [3, oddNames]);
export const byName = (name: string) => ({ kind: 2, name });
export const byId = (id: number) => ({ kind: 1, id });
const ids = weighted([6, of(1, 2)], [2, of(0, 3, 4)], [1, of(u32Max, 2 ** 31)]);
export const identifiers = weighted<unknown>(
  [5, of('alpha', 'beta', 'gamma').map(byName)],
  [3, ids.map(byId)],
  [1, names.map(byName)],
);
export const mainIdentifiers = weighted<unknown>([6, of(byName('alpha'))], [2, of(1, 0).map(byId)], [2, identifiers]);
export const place = { streamId: mainIdentifiers, topicId: mainIdentifiers };
export const partitionIds = weighted<number | undefined>(
  [6, of(0, 1, 2)],
  [2, fc.constant(undefined)],
  [1, of(3, 4, 100, u32Max)],
);
export const strategies = weighted<unknown>(
  [4, fc.record({ kind: of(1), value: of(0n, 1n, 2n, 5n, 100n, 2n ** 53n, u64Max) })],
  [1, fc.record({ kind: of(2), value: of(caseStart, afterwards, 0n, 2n ** 53n, u64Max) })],
  [4, fc.record({ kind: of(3, 4, 5, 5), value: of(0n, 0n, 7n) })],
);
export const counts = weighted([8, fc.integer({ min: 1, max: 12 })], [1, of(0, 1000, u32Max)]);
export const offsets = weighted([6, fc.integer({ min: 0, max: 6 })], [1, of(100, Number.MAX_SAFE_INTEGER)]);
