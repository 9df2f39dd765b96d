// The doctor as a command on a real folder: exit codes, JSON, and what it refuses.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { openCatalog } from '../../src/catalog/open_catalog.ts';
import { systemDisk } from '../../src/log/disk.ts';
import { settingsOf } from '../catalog/catalog_under_test.ts';
import { batchOf, environmentOf } from '../log/log_under_test.ts';

const program = join(import.meta.dirname, '../../src/doctor/main.ts');

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function doctor(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    );
  });
}

function openAt(folder: string): Promise<Catalog> {
  return openCatalog(environmentOf(systemDisk()), {
    folder,
    log: { segmentSize: 1 << 20, level: 'os' },
    rootUser: async () => ({ name: 'iggy', passwordHash: 'hash', status: 1, permissions: undefined }),
  });
}

describe('whippet doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whippet-doctor-'));

  before(async () => {
    const catalog = await openAt(folder);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 1);
    await topic.partitions[0]!.log.append(batchOf('a', 'b'));
    await catalog.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('ends with 0 on a healthy folder, 2 when it is used wrongly, and explains itself', async () => {
    const healthy = await doctor(folder);
    assert.equal(healthy.code, 0);
    assert.match(healthy.output, /partition 0\/0\/0 of s\/t: 1 segment, offsets 0 to 1, 2 messages valid/);
    for (const args of [[], [folder, folder], ['--unknown', folder], [tmpdir()]]) {
      const { code, errors } = await doctor(...args);
      assert.deepEqual([code, /^whippet doctor: .*\n\nUsage/.test(errors)], [2, true], args.join(' '));
    }
    assert.match((await doctor('--help')).output, /Example: npm run doctor/);
  });

  it('ends with 1 on findings, refuses to treat a folder in use, repairs it afterwards', async () => {
    const [name] = readdirSync(join(folder, 'logs'));
    appendFileSync(join(folder, 'logs', name!, '00000000000000000000.log'), 'torn');
    const found = await doctor('--json', folder);
    assert.equal(found.code, 1);
    const report = JSON.parse(found.output) as { isHealthy: boolean; partitions: { findings: { kind: string }[] }[] };
    assert.equal(report.isHealthy, false);
    assert.deepEqual(
      report.partitions.flatMap(({ findings }) => findings.map(({ kind }) => kind)),
      ['torn tail'],
    );
    const lock = systemDisk();
    const { takeDataFolder } = await import('../../src/catalog/data_folder.ts');
    const owned = await takeDataFolder(lock, folder, () => {});
    const refused = await doctor('--repair', folder);
    assert.equal(refused.code, 2);
    assert.match(refused.errors, new RegExp(`in use by process ${process.pid}`));
    owned.release();
    const repaired = await doctor('--repair', folder);
    assert.equal(repaired.code, 0, repaired.output);
    assert.match(repaired.errors, /are moved to .*quarantine/);
  });
});
