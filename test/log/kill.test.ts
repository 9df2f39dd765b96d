// A real process on a real disk, killed with -9 while it appends: what it said was acknowledged is there afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { MasterKey } from '../../src/lib/cipher.ts';
import { systemDisk } from '../../src/log/disk.ts';
import type { Level } from '../../src/log/partition_log.ts';
import { openFiles, seen } from './log_under_test.ts';

interface Told {
  acknowledged: number;
  stored: number;
}

/** Runs the appender until it has acknowledged for `ms` milliseconds, kills it, and returns what it said last. */
async function runAndKill(root: string, level: Level, cipher: 'plain' | 'sealed', ms: number): Promise<Told> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), root, level, cipher], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    const wasAcknowledging = text.includes('acked');
    text += chunk;
    if (!wasAcknowledging && text.includes('acked')) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  await new Promise((resolve) => child.on('close', resolve));
  const last = (word: string): number =>
    Math.max(0, ...[...text.matchAll(new RegExp(`^${word} (\\d+)\\n`, 'gm'))].map((match) => Number(match[1])));
  return { acknowledged: last('acked'), stored: last('stored') };
}

describe('kill -9 while appending', () => {
  it('loses nothing acknowledged, invents nothing, and every start succeeds', { timeout: 30_000 }, async () => {
    const root = await mkdtemp(join(tmpdir(), 'whippet-kill-'));
    try {
      let known = 0;
      for (const [round, level] of (['os', 'disk', 'os', 'disk'] as const).entries()) {
        // Encryption is switched on in the middle.
        const cipher = round < 2 ? 'plain' : 'sealed';
        const { acknowledged, stored } = await runAndKill(root, level, cipher, 60 + 40 * round);
        assert.ok(acknowledged > known, 'the round appended something');
        const { log, consumerOffsets } = await openFiles(systemDisk(), {
          root,
          ...(cipher === 'sealed' ? { masterKey: new MasterKey(new Uint8Array(32).fill(7)) } : {}),
        });
        assert.equal(log.fence, undefined);
        assert.ok(log.nextOffset >= acknowledged);
        for (let offset = 0; offset < log.nextOffset; ) {
          const messages = seen(await log.read(offset, 500));
          for (const message of messages) assert.equal(message.offset, offset++);
          assert.ok(messages.length > 0);
        }
        assert.ok((consumerOffsets.get(1, 1) ?? 0) >= stored);
        known = log.nextOffset;
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
