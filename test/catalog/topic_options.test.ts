// The options of topics: what may be sent, what is kept of it, and what is shown of what was not sent.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { IggyError } from '../../generated/errors.ts';
import {
  checkPreallocation,
  derivedTopicOptions,
  describeTopicOptions,
  givenOption,
  readTopicOptions,
  updateTopicOptions,
} from '../../src/catalog/topic_options.ts';
import { flag, number, small, text } from './sent_options.ts';

const u64Max = 2n ** 64n - 1n;

/** What is read of one option; the status when it is refused. */
function readOne(option: Parameters<typeof readTopicOptions>[0][number]) {
  try {
    return givenOption(readTopicOptions([option]), option.key);
  } catch (error) {
    if (error instanceof IggyError) return error.status;
    throw error;
  }
}

describe('options sent on create', () => {
  const cases: [Parameters<typeof readOne>[0], unknown][] = [
    [text('compression_algorithm', 'gzip'), 'gzip'],
    [text('compression_algorithm', 'GZip'), 'gzip'],
    [{ key: 'compression_algorithm', kind: HeaderKind.uint8, value: Uint8Array.of(2) }, 'gzip'],
    [{ key: 'compression_algorithm', kind: HeaderKind.uint8, value: Uint8Array.of(3) }, 'invalid_option_value'],
    [{ key: 'compression_algorithm', kind: HeaderKind.uint8, value: Uint8Array.of(0) }, 'invalid_option_value'],
    [text('compression_algorithm', 'zstd'), 'invalid_option_value'],
    [number('message_expiry', 5n), 5n],
    [number('message_expiry', u64Max), u64Max],
    [number('message_expiry', 0n), undefined],
    [text('message_expiry', '7days'), 604_800_000_000n],
    [text('message_expiry', 'never_expire'), u64Max],
    [text('message_expiry', 'server_default'), undefined],
    [text('message_expiry', '4294967295s'), 4_294_967_295_000_000n],
    [text('message_expiry', '4294967296s'), 'invalid_option_value'],
    [text('message_expiry', 'soon'), 'invalid_option_value'],
    [small('message_expiry', 5), 'invalid_option_value'],
    [text('max_topic_size', '1 GiB'), 1n << 30n],
    [text('max_topic_size', 'unlimited'), u64Max],
    [text('max_topic_size', '18446744073709551615'), u64Max],
    [text('max_topic_size', '16 EiB'), 'invalid_option_value'],
    [text('max_topic_size', '0'), undefined],
    [text('segment_size', '128MiB'), 128n << 20n],
    [number('segment_size', 0n), undefined],
    [number('segment_size', 1n << 20n), 1n << 20n],
    [number('segment_size', (1n << 20n) - 512n), 'invalid_option_value'],
    [number('segment_size', (1n << 20n) + 1n), 'invalid_option_value'],
    [number('segment_size', 1n << 30n), 1n << 30n],
    [number('segment_size', (1n << 30n) + 512n), 'invalid_option_value'],
    [text('durability', 'Persisted'), 'persisted'],
    [text('durability', 'replicated'), 'replicated'],
    [text('durability', ''), 'invalid_option_value'],
    [{ key: 'durability', kind: HeaderKind.raw, value: new TextEncoder().encode('persisted') }, 'invalid_option_value'],
    [flag('durability', true), 'invalid_option_value'],
    [text('consumer_offset_durability', 'PERSISTED'), 'persisted'],
    [flag('enforce_fsync', true), true],
    [text('enforce_fsync', 'true'), true],
    [text('enforce_fsync', 'True'), 'invalid_option_value'],
    [{ key: 'enforce_fsync', kind: HeaderKind.bool, value: Uint8Array.of(2) }, 'invalid_option_value'],
    [{ key: 'enforce_fsync', kind: HeaderKind.bool, value: Uint8Array.of(1, 0) }, 'invalid_option_value'],
    [small('messages_required_to_save', 7), 7n],
    [small('messages_required_to_save', 0), 'invalid_option_value'],
    [small('messages_required_to_save', 16 << 20), BigInt(16 << 20)],
    [small('messages_required_to_save', (16 << 20) + 1), 'invalid_option_value'],
    [text('messages_required_to_save', '7'), 7n],
    [text('messages_required_to_save', '7 KB'), 'invalid_option_value'],
    [number('messages_required_to_save', 7n), 'invalid_option_value'],
    [text('size_of_messages_required_to_save', '1 GiB'), 1n << 30n],
    [number('size_of_messages_required_to_save', (1n << 30n) + 1n), 'invalid_option_value'],
    [number('size_of_messages_required_to_save', 0n), undefined],
    [flag('preallocate_segments', false), false],
    [text('partitions_count', '3'), 'unsupported_option_key'],
    [text('Durability', 'persisted'), 'unsupported_option_key'],
    [text('', 'x'), 'unsupported_option_key'],
  ];
  for (const [option, expected] of cases)
    it(`${option.key} of kind ${option.kind} as ${Buffer.from(option.value).toString('hex')}`, () => {
      assert.equal(readOne(option), expected);
    });

  it('are kept by key and in their own kinds', () => {
    const options = readTopicOptions([text('segment_size', '1 MiB'), text('durability', 'PERSISTED')]);
    assert.deepEqual(options, [text('durability', 'persisted'), number('segment_size', 1n << 20n)]);
  });

  it('are refused with a status, whatever bytes they are, or come back as they were read', () => {
    const option = fc.record({
      key: fc.constantFrom(...describeTopicOptions().map(({ key }) => key), 'enforce_fsync', 'else'),
      kind: fc.constantFrom(...Object.values(HeaderKind)),
      value: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom('true', '1 GiB', '7 days', 'gzip', 'Persisted', '12')
          .map((sent) => new TextEncoder().encode(sent)),
      ),
    });
    fc.assert(
      fc.property(option, (sent) => {
        try {
          const read = readTopicOptions([sent]);
          assert.deepEqual(readTopicOptions(read), read);
        } catch (error) {
          assert.ok(error instanceof IggyError);
          assert.match(error.status, /^(unsupported_option_key|invalid_option_value)$/);
        }
      }),
    );
  });

  it('may ask for 64 GiB of room at most', () => {
    const asked = readTopicOptions([flag('preallocate_segments', true)]);
    checkPreallocation(asked, 1n << 30n, 64);
    checkPreallocation([], 1n << 30n, 1000);
    checkPreallocation([...asked, number('segment_size', 1n << 20n)], 1n << 30n, 1000);
    assert.throws(() => checkPreallocation(asked, 1n << 30n, 65), { status: 'invalid_option_value' });
  });
});

describe('options sent on update', () => {
  const stored = readTopicOptions([text('durability', 'persisted'), number('message_expiry', 5n)]);

  it('replace those that were there and join the others', () => {
    assert.deepEqual(
      updateTopicOptions(stored, [number('message_expiry', 6n), text('compression_algorithm', 'gzip')]),
      [text('compression_algorithm', 'gzip'), text('durability', 'persisted'), number('message_expiry', 6n)],
    );
  });

  it('take one back when they ask for the default', () => {
    assert.deepEqual(updateTopicOptions(stored, [number('message_expiry', 0n)]), [text('durability', 'persisted')]);
  });

  it('are refused when they cannot change, before any value is looked at', () => {
    for (const key of ['durability', 'segment_size', 'enforce_fsync', 'else'])
      assert.throws(() => updateTopicOptions(stored, [text('message_expiry', 'soon'), text(key, 'persisted')]), {
        status: 'unsupported_option_key',
      });
  });
});

describe('options that were not sent', () => {
  it('are shown as they are in force, by key, and never twice', () => {
    const given = readTopicOptions([text('durability', 'persisted'), flag('enforce_fsync', true)]);
    const derived = derivedTopicOptions(given, new Map([['segment_size', 4096n]]));
    const keys = derived.map(({ key }) => key);
    assert.deepEqual(keys, [...keys].sort());
    const shown = describeTopicOptions().map(({ key }) => key);
    assert.deepEqual(keys, shown.filter((key) => key !== 'durability').sort());
    assert.deepEqual(givenOption(derived, 'segment_size'), 4096n);
    assert.deepEqual(givenOption(derived, 'messages_required_to_save'), 1024n);
  });

  it('are described in the order of the reference', () => {
    assert.deepEqual(
      describeTopicOptions().map(({ key, kind, value }) => [key, kind, Buffer.from(value).toString('hex')]),
      [
        ['compression_algorithm', HeaderKind.string, Buffer.from('none').toString('hex')],
        ['message_expiry', HeaderKind.uint64, 'ffffffffffffffff'],
        ['max_topic_size', HeaderKind.uint64, 'ffffffffffffffff'],
        ['segment_size', HeaderKind.uint64, '0000004000000000'],
        ['durability', HeaderKind.string, Buffer.from('replicated').toString('hex')],
        ['consumer_offset_durability', HeaderKind.string, Buffer.from('replicated').toString('hex')],
        ['messages_required_to_save', HeaderKind.uint32, '00040000'],
        ['size_of_messages_required_to_save', HeaderKind.uint64, '0000100000000000'],
        ['preallocate_segments', HeaderKind.bool, '00'],
      ],
    );
    for (const { description } of describeTopicOptions()) assert.ok(description.length > 0);
  });
});
