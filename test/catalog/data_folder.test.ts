// The data folder: one owner, one format.
import assert from 'node:assert/strict';
import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { takeDataFolder } from '../../src/catalog/data_folder.ts';
import { systemDisk } from '../../src/log/disk.ts';
import { formatVersion } from '../../src/log/file_header.ts';

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-folder-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const take = (folder: string, notices: string[] = []) =>
  takeDataFolder(systemDisk(), folder, (text) => notices.push(text));

describe('the data folder', () => {
  it('belongs to one process, until it lets go', () =>
    withFolder(async (folder) => {
      const data = await take(folder);
      await assert.rejects(take(folder), new RegExp(`is in use by process ${process.pid}`));
      data.release();
      (await take(folder)).release();
    }));

  it('is taken over from a process that died, also when its number is used again', () =>
    withFolder(async (folder) => {
      for (const owner of ['4194304 1 dead\n', `${process.pid} 1 an earlier boot\n`, '']) {
        await writeFile(join(folder, 'lock'), owner);
        const notices: string[] = [];
        (await take(folder, notices)).release();
        assert.match(notices.join(), /did not stop cleanly/);
      }
    }));

  it('is taken over from a process of the same number that died before it had tidied up', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'lock'), `${process.pid} 1 an earlier boot\n`);
      await link(join(folder, 'lock'), join(folder, `lock.${process.pid}.tmp`));
      (await take(folder)).release();
    }));

  it('of a newer format is refused and not changed', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'format'), `whippet data, format ${formatVersion + 1}\n`);
      await assert.rejects(take(folder), /newer release/);
      assert.equal(await readFile(join(folder, 'format'), 'utf8'), `whippet data, format ${formatVersion + 1}\n`);
    }));

  it('of an older format is stamped anew before anything is written to it', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'format'), 'whippet data, format 1\n');
      await writeFile(join(folder, 'format.tmp'), 'left by a process that died');
      const notices: string[] = [];
      (await take(folder, notices)).release();
      assert.match(notices.join(), /has format 1; from now on it has format 3/);
      assert.equal(await readFile(join(folder, 'format'), 'utf8'), 'whippet data, format 3\n');
    }));

  it('of another server is refused', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'state'), '');
      await assert.rejects(take(folder), /another server/);
    }));
});
