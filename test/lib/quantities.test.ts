// Sizes and durations as people write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDurationMicros, formatSize, parseDurationMicros, parseSize } from '../../src/lib/quantities.ts';

test('every size survives being written and read', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes));
});

test('every duration survives being written and read', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (micros) => parseDurationMicros(formatDurationMicros(micros)) === micros));
});

test('sizes take decimal and binary units in any case, with or without a space', () => {
  const sizes: [string, number | undefined][] = [
    ['0', 0],
    ['1000000000', 1_000_000_000],
    ['512 B', 512],
    ['100 KB', 100_000],
    ['100kb', 100_000],
    ['4 KiB', 4096],
    ['1 GiB', 1_073_741_824],
    ['1 G', 1_000_000_000],
    ['1.5 GB', 1_500_000_000],
    ['1.1 MB', 1_100_000],
    ['0.5 B', 1],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['8 EiB', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1 parsec', undefined],
    ['KB', undefined],
    ['1 KB 2', undefined],
    ['1_000', undefined],
  ];
  for (const [text, bytes] of sizes) assert.equal(parseSize(text), bytes, text);
});

test('durations add up their parts', () => {
  const durations: [string, number | undefined][] = [
    ['0', 0],
    ['0 s', 0],
    ['1 m', 60_000_000],
    ['30s', 30_000_000],
    ['7 days', 604_800_000_000],
    ['1h 1m 1s', 3_661_000_000],
    ['1 hour 30min', 5_400_000_000],
    ['500 us', 500],
    ['1500 ns', 1],
    ['1 M', 2_630_016_000_000],
    ['', undefined],
    ['5', undefined],
    ['m', undefined],
    ['1 fortnight', undefined],
    ['1.5 h', undefined],
    ['-1 s', undefined],
    ['1 s,', undefined],
    ['99999999999999 years', undefined],
  ];
  for (const [text, micros] of durations) assert.equal(parseDurationMicros(text), micros, text);
});

test('no text makes them fail in another way', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 .kKMGiBsmhdy-'), maxLength: 80 }), (text) => {
      for (const value of [parseSize(text), parseDurationMicros(text)]) {
        assert.ok(value === undefined || (Number.isSafeInteger(value) && value >= 0));
      }
    }),
  );
});
