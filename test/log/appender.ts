// A process to be killed: appends to one partition for ever and says on standard output which offsets were acknowledged.
import { writeSync } from 'node:fs';
import { MasterKey } from '../../src/lib/cipher.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { systemDisk } from '../../src/log/disk.ts';
import type { Level } from '../../src/log/partition_log.ts';
import { batchOf, openFiles } from './log_under_test.ts';

const [root, level, cipher] = process.argv.slice(2) as [string, Level, 'plain' | 'sealed'];
const { log, consumerOffsets } = await openFiles(systemDisk(), {
  root,
  level,
  clock: systemClock(),
  segmentSize: 64 << 10,
  tail: 1 << 20,
  deduplication: { maxEntries: 100, expiryMs: 0 },
  ...(cipher === 'sealed' ? { masterKey: new MasterKey(new Uint8Array(32).fill(7)) } : {}),
});
writeSync(1, `open ${log.nextOffset}\n`);

/** One of several producers, so that appends are in flight when the end comes. */
async function produce(): Promise<void> {
  for (;;) {
    const next = log.nextOffset;
    const count = 1 + (next % 5);
    const pending = log.append(
      batchOf(...Array.from({ length: count }, () => `${process.pid} ${'x'.repeat(next % 300)}`)),
    );
    const { baseOffset } = await pending;
    writeSync(1, `acked ${baseOffset + count}\n`);
    if (baseOffset % 10 === 0) {
      await consumerOffsets.store(1, 1, baseOffset);
      writeSync(1, `stored ${baseOffset}\n`);
    }
    // Lets the other producers, and the disk, have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all([produce(), produce(), produce()]);
