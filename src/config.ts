// The one typed configuration: defaults, then a configuration file, then the environment, checked as a whole before anything starts.
// The reference's files and variables work as they are (config/reference_settings.ts); Whippet's own are in config/whippet_settings.ts.
import { parseEnv } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { readTextFile } from './config/files.ts';
import { type AllGiven, type Environment, takeEnvironment, takeFile, variableOf } from './config/given.ts';
import { logLevels, referenceSettings, sameSettings } from './config/reference_settings.ts';
import { Secret } from './config/secret.ts';
import { leavesOf, type Section, SectionList, type Values, valueName } from './config/section.ts';
import { refused, Setting } from './config/setting.ts';
import { whippetSettings } from './config/whippet_settings.ts';

/** All settings; `settings.tcp.address` is `tcp.address` of a file and `IGGY_TCP_ADDRESS` of the environment. */
export const settings = { ...referenceSettings, whippet: whippetSettings };

/** The user that exists from the first start on and may do everything. */
export interface RootUser {
  readonly username: string;
  readonly password: Secret;
}

/** The effective configuration. Sizes are in bytes, durations in milliseconds, expiries in microseconds, as their names say. */
export type Config = Values<typeof settings> & { readonly rootUser: RootUser };

export interface LoadedConfig {
  readonly config: Config;
  /** One line each, for the log. */
  readonly warnings: readonly string[];
  /** The variables that hold secrets and were read, so that they can be removed from the process. */
  readonly secretVariables: readonly string[];
}

/** Configuration that the server cannot start with: one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads the whole configuration. @throws ConfigError naming every value that is not accepted, and what would be. */
export function loadConfig(processEnvironment: Environment, readFile = readTextFile): LoadedConfig {
  const given: AllGiven = { values: new Map(), warnings: [], problems: [] };
  const environment = withEnvironmentFile(processEnvironment, readFile, given);
  const path = environment.IGGY_CONFIG_PATH;
  if (path !== undefined && path !== '') takeConfigFile(path, readFile, given);
  takeEnvironment(settings, environment, given);
  takeLogFilter(environment, given);
  shareSpellings(given);

  // `valuesOf` builds by the same table that `Values` computes its type from.
  const values = valuesOf(settings, '', given) as Values<typeof settings>;
  const rootUser = rootUserOf(environment, given);
  if (given.problems.length === 0) checkTogether(values, given);
  if (given.problems.length > 0) throw new ConfigError(given.problems);
  return { config: { ...values, rootUser }, warnings: given.warnings, secretVariables: secretVariables(environment) };
}

/** Adds the variables of the file that IGGY_ENV_PATH names; those of the process win. */
function withEnvironmentFile(environment: Environment, readFile: typeof readTextFile, given: AllGiven): Environment {
  const path = environment.IGGY_ENV_PATH;
  if (path === undefined || path === '') return environment;
  try {
    return { ...parseEnv(readFile(path).text), ...environment };
  } catch (error) {
    given.problems.push(`IGGY_ENV_PATH is ${JSON.stringify(path)}: ${oneLine(error)}`);
    return environment;
  }
}

function takeConfigFile(path: string, readFile: typeof readTextFile, given: AllGiven): void {
  try {
    const isJson = path.endsWith('.json');
    if (!isJson && !path.endsWith('.toml')) throw new Error('accepted: a file that ends in .toml or .json');
    const file = readFile(path);
    takeFile(settings, isJson ? JSON.parse(file.text) : parseToml(file.text), file.path, given);
  } catch (error) {
    given.problems.push(`IGGY_CONFIG_PATH is ${JSON.stringify(path)}: ${oneLine(error)}`);
  }
}

/** The reference lets RUST_LOG win over its log level; of a filter with several parts only the one for everything counts. */
function takeLogFilter(environment: Environment, given: AllGiven): void {
  const parts = (environment.RUST_LOG ?? '').split(',').map((part) => part.trim().toLowerCase());
  const raw = parts.find((part) => (logLevels as readonly string[]).includes(part));
  if (raw !== undefined) given.values.set('system.logging.level', { raw, origin: 'RUST_LOG' });
}

function shareSpellings({ values }: AllGiven): void {
  for (const [left, right] of sameSettings) {
    const [fromLeft, fromRight] = [values.get(left), values.get(right)];
    if (fromLeft === undefined && fromRight !== undefined) values.set(left, fromRight);
    if (fromRight === undefined && fromLeft !== undefined) values.set(right, fromLeft);
  }
}

/** The values of a section below `prefix`: what was given, else the default. Notes a problem for each value not accepted. */
function valuesOf(section: Section, prefix: string, given: AllGiven): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, node] of Object.entries(section)) {
    const path = `${prefix}${key}`;
    const name = valueName(key, node);
    if (node instanceof Setting) values[name] = givenOrInitial(node, path, given);
    else if (node instanceof SectionList) values[name] = itemsOf(node.item, path, given);
    else values[name] = valuesOf(node, `${path}.`, given);
  }
  return values;
}

function givenOrInitial<Value>({ parts }: Setting<Value, string>, path: string, { values, problems }: AllGiven): Value {
  const found = values.get(path);
  if (found === undefined) return parts.initial;
  const value = parts.parse(found.raw);
  if (value !== refused) return value;
  const shown = parts.isSecret
    ? 'not a text'
    : JSON.stringify(found.raw, (_, item) => (typeof item === 'bigint' ? String(item) : item));
  problems.push(`${found.origin} is ${shown}; accepted: ${parts.accepts}`);
  return parts.initial;
}

function itemsOf(item: Section, path: string, given: AllGiven): Record<string, unknown>[] {
  const positions = [...given.values.keys()]
    .filter((key) => key.startsWith(`${path}.`))
    .map((key) => Number(key.slice(path.length + 1).split('.', 1)[0]));
  const length = Math.max(-1, ...positions) + 1;
  for (let position = 0; position < length; position++)
    if (!positions.includes(position))
      given.problems.push(`${path} has an entry ${length - 1} but no entry ${position}`);
  return Array.from({ length }, (_, position) => valuesOf(item, `${path}.${position}.`, given));
}

function rootUserOf(environment: Environment, { problems }: AllGiven): RootUser {
  const username = environment.IGGY_ROOT_USERNAME ?? '';
  const password = environment.IGGY_ROOT_PASSWORD ?? '';
  if (username === '' && password === '') return { username: 'iggy', password: new Secret('iggy') };
  if (username === '' || password === '')
    problems.push('IGGY_ROOT_USERNAME and IGGY_ROOT_PASSWORD go together: set both or neither');
  else {
    if (!hasLength(username, 3, 50))
      problems.push(`IGGY_ROOT_USERNAME is ${JSON.stringify(username)}; accepted: 3 to 50 bytes`);
    if (!hasLength(password, 3, 100)) problems.push('IGGY_ROOT_PASSWORD has a wrong length; accepted: 3 to 100 bytes');
  }
  return { username, password: new Secret(password) };
}

function hasLength(text: string, min: number, max: number): boolean {
  const length = Buffer.byteLength(text);
  return length >= min && length <= max;
}

/** What the reference checks between settings before it starts. */
function checkTogether({ system, whippet, ...rest }: Values<typeof settings>, { problems, values }: AllGiven): void {
  const origin = (path: string) => values.get(path)?.origin ?? variableOf(path.split('.'));
  const segmentSize = system.segment.sizeBytes;
  if (segmentSize < 1 || segmentSize > 1024 ** 3)
    problems.push(`${origin('system.segment.size')} is ${segmentSize} bytes; accepted: 1 byte to 1 GiB`);
  const topicSize = system.topic.maxSizeBytes;
  if (topicSize !== undefined && topicSize < segmentSize)
    problems.push(
      `${origin('system.topic.max_size')} is ${topicSize} bytes; accepted: at least the segment size, ${segmentSize} bytes`,
    );
  const jobs = [
    [
      'data_maintenance.messages.interval',
      rest.dataMaintenance.messages.cleanerEnabled,
      rest.dataMaintenance.messages.intervalMs,
    ],
    ['message_saver.interval', rest.messageSaver.enabled, rest.messageSaver.intervalMs],
    [
      'personal_access_token.cleaner.interval',
      rest.personalAccessToken.cleaner.enabled,
      rest.personalAccessToken.cleaner.intervalMs,
    ],
    ['heartbeat.interval', rest.heartbeat.enabled, rest.heartbeat.intervalMs],
  ] as const;
  for (const [path, isEnabled, intervalMs] of jobs)
    if (isEnabled && intervalMs === 0)
      problems.push(`${origin(path)} is 0 for a job that is enabled; accepted: a duration above 0`);
  if (whippet.buffering && system.partition.enforceFsync)
    problems.push(
      `${origin('whippet.buffering')} is true and so is ${origin('system.partition.enforce_fsync')}: messages are acknowledged from memory or from the disk, not both`,
    );
  const { generations, defaultGeneration } = whippet;
  if (defaultGeneration !== undefined && !generations.includes(defaultGeneration))
    problems.push(
      `${origin('whippet.default_generation')} is ${defaultGeneration}, which whippet.generations does not allow`,
    );
}

function secretVariables(environment: Environment): string[] {
  const names = leavesOf(settings)
    .filter((leaf) => leaf.setting.parts.isSecret)
    .map((leaf) => variableOf(leaf.path));
  return ['IGGY_ROOT_PASSWORD', ...names].filter((name) => environment[name] !== undefined);
}

/** Parsers' messages go over several lines; the first says what is wrong. */
function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
