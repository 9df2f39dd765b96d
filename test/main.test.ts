// The server as a process: what it leaves on the machine is for its own user only.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ServerProcess } from '../conformance/server_process.ts';

test('files and folders of the data are open to nobody else, whatever the mask that the process begins with', async () => {
  const outer = mkdtempSync(join(tmpdir(), 'whippet-main-'));
  const before = process.umask(0o000);
  try {
    const server = await ServerProcess.start({}, join(outer, 'data'));
    const entries = ['', ...(readdirSync(server.folder, { recursive: true }) as string[])];
    const open = entries.filter((entry) => (statSync(join(server.folder, entry)).mode & 0o077) !== 0);
    assert.equal(await server.stop(), 0);
    assert.deepEqual(open, []);
    assert.ok(entries.length > 3, entries.join());
  } finally {
    process.umask(before);
    rmSync(outer, { recursive: true });
  }
});
