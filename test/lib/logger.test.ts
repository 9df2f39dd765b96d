// Log lines: levels, both forms, and that what a client sends cannot forge a line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLogger, type LogFormat, type LogLevel } from '../../src/lib/logger.ts';

const clock = { nowMicros: () => 1_700_000_000_123_456, monotonicMs: () => 0 };

function capture(level: LogLevel, format: LogFormat) {
  const lines: string[] = [];
  return { lines, logger: createLogger(clock, level, format, (line) => lines.push(line)) };
}

test('lines above the level are not written', () => {
  const { lines, logger } = capture('warn', 'human');
  logger.error('a');
  logger.warn('b');
  logger.info('c');
  assert.equal(lines.length, 2);
  assert.ok(logger.isOn('warn') && !logger.isOn('info'));
  const off = capture('off', 'human');
  off.logger.error('a');
  assert.equal(off.lines.length, 0);
});

test('a line for people has time, level, message and fields', () => {
  const { lines, logger } = capture('info', 'human');
  logger.child({ peer: '127.0.0.1:5' }).info('closed', { reason: 'no login', count: 3, nothing: undefined });
  assert.deepEqual(lines, ['22:13:20.123 INFO  closed peer=127.0.0.1:5 reason="no login" count=3']);
});

test('a line for machines is one JSON object', () => {
  const { lines, logger } = capture('debug', 'json');
  logger.child({ level: 'mine' }).debug('x', { error: new TypeError('bad'), big: 2n ** 70n, list: [1n], isIt: true });
  assert.deepEqual(JSON.parse(lines[0]!), {
    time: '2023-11-14T22:13:20.123Z',
    level: 'debug',
    message: 'x',
    level_: 'mine',
    error: 'TypeError: bad',
    big: String(2n ** 70n),
    list: '["1"]',
    isIt: true,
  });
});

test('no text breaks out of its line or grows it without limit', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.constantFrom<LogFormat>('human', 'json'),
      (text, format) => {
        const { lines, logger } = capture('info', format);
        logger.info('m', { text });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
        assert.ok(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(lines[0]!));
        assert.ok(lines[0]!.length < 7000);
      },
    ),
  );
});
