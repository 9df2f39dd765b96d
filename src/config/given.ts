// What was given for which setting, and by whom, before anything is checked. Files and the environment both fill this.

import { nearest } from './nearest.ts';
import { index, type Leaf, leavesOf, type Section, sectionListLengthMax } from './section.ts';

/** One value as it was given. `origin` names the variable, or the file and key. */
export interface Given {
  readonly raw: unknown;
  readonly origin: string;
}

/** What was given, by dotted path (`cluster.node.others.0.name`), and what is worth saying or stops the start. */
export interface AllGiven {
  readonly values: Map<string, Given>;
  readonly warnings: string[];
  readonly problems: string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reference names that belong to its clients, tools and tests, or that `loadConfig` reads itself. */
const otherNames = new Set(
  'CONFIG_PATH ENV_PATH DISPLAY_CONFIG ROOT_USERNAME ROOT_PASSWORD USERNAME PASSWORD HOME CI_BUILD LOG_FILE_PREFIX'
    .split(' ')
    .map((name) => `IGGY_${name}`),
);
const otherPrefixes = ['IGGY_CONNECTORS_', 'IGGY_MCP_', 'IGGY_TEST_', 'IGGY_BENCH_'];

/** The environment variable of a setting; `#` stands for any position in a list. */
export function variableOf(path: readonly string[]): string {
  const name = path.join('_').toUpperCase();
  return path[0] === 'whippet' ? name : `IGGY_${name}`;
}

/** Takes every variable that names a setting; one warning for each that looks like one and is not. */
export function takeEnvironment(settings: Section, environment: Environment, given: AllGiven): void {
  const leaves = leavesOf(settings);
  const byVariable = new Map(leaves.map((leaf) => [variableOf(leaf.path), leaf]));
  const lists = new Map<string, string[]>();
  for (const [origin, raw] of Object.entries(environment)) {
    const name = origin.toUpperCase();
    // The reference takes an empty variable for an absent one.
    if (!/^(?:IGGY|WHIPPET)_/.test(name) || raw === undefined || raw === '') continue;
    const exact = byVariable.get(name);
    const [, before, position, after] = /^(.+?)_(\d{1,2})((?:_.*)?)$/.exec(name) ?? [];
    if (exact !== undefined) {
      given.values.set(exact.path.join('.'), { raw, origin });
    } else if (position !== undefined && Number(position) < sectionListLengthMax) {
      const item = byVariable.get(`${before}_${index}${after}`);
      const list = after === '' ? byVariable.get(before ?? '') : undefined;
      if (item !== undefined) given.values.set(itemPath(item, Number(position)), { raw, origin });
      else if (list !== undefined && Array.isArray(list.setting.parts.initial)) {
        const path = list.path.join('.');
        const items = lists.get(path) ?? [];
        items[Number(position)] = raw;
        lists.set(path, items);
        given.values.set(path, { raw: items, origin: `${before}_${index}` });
      } else warnUnknown(origin, name, byVariable, given);
    } else warnUnknown(origin, name, byVariable, given);
  }
  for (const items of lists.values()) for (const [position, item] of [...items].entries()) items[position] = item ?? '';
}

const itemPath = (leaf: Leaf, position: number) => leaf.path.map((key) => (key === index ? position : key)).join('.');

function warnUnknown(origin: string, name: string, known: ReadonlyMap<string, Leaf>, given: AllGiven): void {
  if (otherNames.has(name) || otherPrefixes.some((prefix) => name.startsWith(prefix))) return;
  given.warnings.push(`unknown variable ${origin} is ignored${hint(name, [...known.keys()])}`);
}

/** Takes every setting of a parsed file; a warning for each key that is none, a problem for a value where a section should be. */
export function takeFile(settings: Section, content: unknown, file: string, given: AllGiven): void {
  const keys = leavesOf(settings).map((leaf) => leaf.path.filter((key) => key !== index).join('.'));
  const byPath = new Map(leavesOf(settings).map((leaf) => [leaf.path.join('.'), leaf]));
  const sections = new Set(
    leavesOf(settings).flatMap(({ path }) => path.map((_, end) => path.slice(0, end).join('.'))),
  );

  const walk = (node: unknown, path: readonly string[], shape: readonly string[]) => {
    const origin = `${file}: ${path.join('.')}`;
    const name = shape.join('.');
    if (byPath.has(name)) given.values.set(path.join('.'), { raw: node, origin });
    else if (sections.has([...shape, index].join('.')) && Array.isArray(node)) {
      for (const [position, item] of node.slice(0, sectionListLengthMax).entries())
        walk(item, [...path, String(position)], [...shape, index]);
    } else if (!sections.has(name)) {
      given.warnings.push(`unknown key ${path.join('.')} in ${file} is ignored${hint(path.join('.'), keys)}`);
    } else if (typeof node !== 'object' || node === null || Array.isArray(node)) {
      given.problems.push(`${origin} is not a section`);
    } else for (const [key, child] of Object.entries(node)) walk(child, [...path, key], [...shape, key]);
  };
  walk(content, [], []);
}

function hint(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return close === undefined ? '' : `; the nearest known name is ${close}`;
}
