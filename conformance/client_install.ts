// Installs the official Python, Go and Java clients that conformance runs, and says how to start each.
// An installation lives in the user's cache, is keyed by what it was made from, and appears there only when complete.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MissingToolchain } from './missing_toolchain.ts';

/** How to start a client program; the verb and its `key=value` pairs follow `args`. */
export interface ClientCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** An official client of a registry and how it gets onto this machine. */
export interface ClientInstaller {
  readonly language: string;
  readonly release: string;
  readonly install: () => Promise<ClientCommand>;
}

const clients = join(import.meta.dirname, 'clients');
const cache = join(homedir(), '.cache', 'whippet');
const marker = '.complete';
const pythonVersion = '3.11';

/** The clients that are not compiled with Rust, oldest first. */
export const clientInstallers: readonly ClientInstaller[] = [
  ...['0.2.6', '0.2.7', '0.4.0'].map((release) => python('iggy-py', release)),
  ...['0.5.0', '0.6.0', '0.7.0', '0.8.0', '0.9.0'].map((release) => python('apache-iggy', release)),
  ...['0.7.0', '0.8.0'].map((release) => ({ language: 'Go', release, install: () => goClient(release) })),
  { language: 'Java', release: '0.6.0', install: () => javaClient('0.6.0', 'text_keys') },
  ...['0.7.0', '0.8.0'].map((release) => ({
    language: 'Java',
    release,
    install: () => javaClient(release, 'typed_keys'),
  })),
];

function python(distribution: string, release: string): ClientInstaller {
  return { language: 'Python', release, install: () => pythonClient(`${distribution}-${release}`) };
}

async function pythonClient(wheel: string): Promise<ClientCommand> {
  const program = join(clients, 'python');
  const requirements = join(program, `requirements-${wheel}.txt`);
  const interpreter = await findPython();
  const folder = await installOnce(join(cache, 'python', wheel), hashOf([requirements]), wheel, (target) =>
    run(interpreter, [
      ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-warn-script-location'],
      ...['--root-user-action', 'ignore', '--no-deps', '--only-binary', ':all:', '--require-hashes'],
      ...['--target', target, '--requirement', requirements],
    ]),
  );
  // -B: leave no bytecode in the source folder.
  return { command: interpreter, args: ['-B', join(program, 'client.py'), folder] };
}

async function goClient(release: string): Promise<ClientCommand> {
  const program = join(clients, 'go');
  // Go insists on a go.mod, which is the newest release's; an older one has its files beside it.
  const older = `go-${release}.mod`;
  const modules = existsSync(join(program, older)) ? older : 'go.mod';
  const sources = [
    modules,
    modules.replace(/mod$/, 'sum'),
    ...readdirSync(program).filter((name) => name.endsWith('.go')),
  ];
  const key = hashOf(sources.map((name) => join(program, name)));
  const folder = await installOnce(join(cache, 'go', key), key, `the Go client ${release}`, async (target) => {
    await need('go', ['version'], 'the official Go clients need go 1.26 or later on the PATH');
    const output = join(target, 'client');
    await run('go', ['build', '-C', program, `-modfile=${modules}`, '-mod=readonly', '-trimpath', '-o', output, '.']);
  });
  return { command: join(folder, 'client'), args: [] };
}

/** `particular` is the folder of what only some releases have. The libraries come through Maven, which compares their checksums. */
async function javaClient(release: string, particular: string): Promise<ClientCommand> {
  const program = join(clients, 'java');
  const sources = ['.', particular].flatMap((folder) => {
    const names = readdirSync(join(program, folder)).filter((name) => name.endsWith('.java'));
    return names.sort().map((name) => join(program, folder, name));
  });
  const project = join(program, `pom-${release}.xml`);
  const name = `the Java client ${release}`;
  const libraries = await installOnce(join(cache, 'java', release), hashOf([project]), name, async (target) => {
    await need('mvn', ['--version'], 'the official Java clients need mvn (Maven) on the PATH');
    // Maven writes beside the project it is given.
    copyFileSync(project, join(target, 'pom.xml'));
    await run('mvn', [
      ...['--quiet', '--batch-mode', '--strict-checksums', '--file', join(target, 'pom.xml')],
      ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(target, 'lib')}`],
    ]);
  });
  const classPath = join(libraries, 'lib', '*');
  const key = hashOf([project, ...sources]);
  const folder = await installOnce(join(cache, 'java', key), key, name, async (target) => {
    await need('javac', ['-version'], 'the official Java clients need javac and java 17 or later on the PATH');
    await run('javac', ['-nowarn', '-d', target, '-cp', classPath, ...sources]);
  });
  const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx256m'];
  return { command: 'java', args: [...quickStart, '-cp', [folder, classPath].join(delimiter), 'Client'] };
}

/** Runs `install` on a folder beside `folder` and moves it into place; does nothing when `folder` was made from `key`. */
async function installOnce(
  folder: string,
  key: string,
  name: string,
  install: (target: string) => Promise<void>,
): Promise<string> {
  if (isComplete(folder, key)) return folder;
  note(`installing ${name} into ${folder}`);
  const target = `${folder}.${process.pid}.part`;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  try {
    await install(target);
    writeFileSync(join(target, marker), key);
    // Another run may have finished first; what it made is as good.
    if (!isComplete(folder, key)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(target, folder);
    }
  } catch (cause) {
    if (cause instanceof MissingToolchain) throw cause;
    throw new Error(`${name} could not be installed: ${(cause as Error).message}`, { cause });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  return folder;
}

function isComplete(folder: string, key: string): boolean {
  const path = join(folder, marker);
  return existsSync(path) && readFileSync(path, 'utf8') === key;
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(path);
    hash.update(`${path.slice(clients.length)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The interpreter itself, not a launcher in front of it, so that starting a client is quick. */
async function findPython(): Promise<string> {
  const script = 'import sys, pip; print("%d.%d" % sys.version_info[:2], sys.executable)';
  for (const name of [`python${pythonVersion}`, 'python3']) {
    const answer = await output(name, ['-c', script]).catch(() => '');
    const [version, executable] = answer.trim().split(/ (.*)/);
    if (version === pythonVersion && executable) return executable;
  }
  throw new MissingToolchain(
    `the official Python clients need python${pythonVersion} with pip on the PATH (as python3)`,
  );
}

async function need(command: string, args: readonly string[], reason: string): Promise<void> {
  await output(command, args).catch(() => {
    throw new MissingToolchain(reason);
  });
}

function output(command: string, args: readonly string[]): Promise<string> {
  return collect(command, args, 'ignore');
}

/** What the command prints goes to stderr: stdout belongs to the caller. */
async function run(command: string, args: readonly string[]): Promise<void> {
  await collect(command, args, 'inherit', process.stderr);
}

function collect(
  command: string,
  args: readonly string[],
  stderr: 'ignore' | 'inherit',
  copyTo?: NodeJS.WritableStream,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', stderr] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    copyTo?.write(chunk);
  });
  child.on('error', reject);
  child.on('close', (code, signal) => {
    if (code === 0) resolve(text);
    else reject(new Error(`${command} ${args[0]} ended with ${signal ?? code}`));
  });
  return promise;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `node conformance/client_install.ts`: installs every client and prints how each is started. */
async function main(): Promise<void> {
  for (const { language, release, install } of clientInstallers) {
    const { command, args } = await install();
    console.log(`${language} ${release}: ${[command, ...args].join(' ')}`);
  }
}

if (import.meta.main) {
  main().catch((error: Error) => {
    note(error.message);
    process.exitCode = 1;
  });
}
