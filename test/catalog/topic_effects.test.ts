// What options of topics do to their settings and to their logs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompressionAlgorithm } from '../../generated/common/compression_algorithm.ts';
import {
  agreeingOptions,
  createdSettings,
  derivedOptions,
  logOptionsWith,
  updatedSettings,
} from '../../src/catalog/topic_effects.ts';
import { givenOption, readTopicOptions } from '../../src/catalog/topic_options.ts';
import type { LogOptions } from '../../src/log/environment.ts';
import { flag, number, small, text } from './sent_options.ts';

const defaults = { messageExpiry: 100n, maxTopicSize: 1n << 40n };
const create = (...sent: Parameters<typeof createdSettings>[1]) =>
  createdSettings({ name: 'orders', replicationFactor: 1 }, sent, defaults);

describe('settings', () => {
  it('are what the options say, else the defaults of the server', () => {
    assert.deepEqual(create(number('message_expiry', 5n), text('compression_algorithm', 'gzip')), {
      name: 'orders',
      replicationFactor: 1,
      compressionAlgorithm: CompressionAlgorithm.gzip,
      messageExpiry: 5n,
      maxTopicSize: 1n << 40n,
      options: [text('compression_algorithm', 'gzip'), number('message_expiry', 5n)],
    });
    assert.deepEqual([create().compressionAlgorithm, create().options], [CompressionAlgorithm.none, []]);
  });

  it('stay on an update that does not send them, and become the default on one that sends 0', () => {
    const before = create(number('message_expiry', 5n), text('durability', 'persisted'));
    const other = { messageExpiry: 200n, maxTopicSize: 300n };
    const renamed = updatedSettings(before, 'bills', [], other);
    assert.deepEqual(renamed, { ...before, name: 'bills' });
    const reset = updatedSettings(before, 'orders', [number('message_expiry', 0n)], other);
    assert.deepEqual([reset.messageExpiry, reset.maxTopicSize], [200n, 1n << 40n]);
    assert.deepEqual(reset.options, [text('durability', 'persisted')]);
    const changed = updatedSettings(reset, 'orders', [number('max_topic_size', 7n)], other);
    assert.deepEqual([changed.messageExpiry, changed.maxTopicSize], [200n, 7n]);
  });

  it('win over options when a client without options changed them', () => {
    const settings = { ...create(number('message_expiry', 5n), text('durability', 'persisted')), messageExpiry: 6n };
    assert.deepEqual(agreeingOptions(settings), [text('durability', 'persisted'), number('message_expiry', 6n)]);
  });
});

describe('logs', () => {
  const at = (level: LogOptions['level']): LogOptions => ({
    segmentSize: 1 << 29,
    level,
    saveAfter: { messages: 9, bytes: 99 },
  });
  const levelsOf = (options: LogOptions, ...sent: Parameters<typeof readTopicOptions>[0]) => {
    const { level, offsetsLevel } = logOptionsWith(readTopicOptions(sent), options);
    return [level, offsetsLevel];
  };

  it('come as far as the topic asks, and never less than those of the server', () => {
    for (const level of ['memory', 'os', 'disk'] as const) {
      assert.deepEqual(levelsOf(at(level)), [level, level]);
      assert.deepEqual(levelsOf(at(level), text('durability', 'replicated'), flag('enforce_fsync', false)), [
        level,
        level,
      ]);
      assert.deepEqual(levelsOf(at(level), text('durability', 'persisted')), ['disk', level]);
      assert.deepEqual(levelsOf(at(level), flag('enforce_fsync', true)), ['disk', level]);
      assert.deepEqual(levelsOf(at(level), text('consumer_offset_durability', 'persisted')), [level, 'disk']);
    }
  });

  it('have segments of the size that the topic asks for, and are written when it says', () => {
    const server = at('memory');
    const options = readTopicOptions([text('segment_size', '1 MiB'), small('messages_required_to_save', 3)]);
    const log = logOptionsWith(options, server);
    assert.deepEqual([log.segmentSize, log.saveAfter], [1 << 20, { messages: 3, bytes: 99 }]);
    assert.deepEqual(logOptionsWith([], server), { ...server, offsetsLevel: 'memory' });
    const bare = { segmentSize: 1, level: 'os' } as const;
    const bytes = readTopicOptions([text('size_of_messages_required_to_save', '10 B')]);
    assert.deepEqual(logOptionsWith(bytes, bare).saveAfter, { messages: 1024, bytes: 10 });
  });

  it('are what is shown of options that were not sent', () => {
    const settings = create(flag('enforce_fsync', true));
    const derived = derivedOptions(settings, logOptionsWith(settings.options, at('os')));
    assert.deepEqual(Object.fromEntries(derived.map(({ key }) => [key, givenOption(derived, key)])), {
      compression_algorithm: 'none',
      consumer_offset_durability: 'replicated',
      durability: 'persisted',
      max_topic_size: 1n << 40n,
      message_expiry: 100n,
      messages_required_to_save: 9n,
      preallocate_segments: false,
      segment_size: 1n << 29n,
      size_of_messages_required_to_save: 99n,
    });
  });
});
