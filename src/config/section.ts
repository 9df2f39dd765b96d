// The tree that settings form: sections, lists of sections, and the type of the values they hold.
import { Setting } from './setting.ts';

/** A section: settings and sections by the reference's snake_case key. */
export interface Section {
  readonly [key: string]: Node;
}

// biome-ignore lint/suspicious/noExplicitAny: the tree holds settings of every kind; `Values` gives each its own type back.
type AnySetting = Setting<any, string>;
type Node = AnySetting | SectionList<Section> | Section;

/** A list of like sections (`[[cluster.node.others]]`), empty by default. */
export class SectionList<Item extends Section> {
  readonly item: Item;

  constructor(item: Item) {
    this.item = item;
  }
}

/** The most entries that a list of sections can have. */
export const sectionListLengthMax = 64;

type Camel<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Key;
type NameOf<Key extends string, Item> =
  Item extends Setting<infer _Value, infer Unit> ? `${Camel<Key>}${Unit}` : Camel<Key>;

/** The values of a section: the reference's keys in camelCase, with the unit at the end where there is one. */
export type Values<Of> = {
  readonly [Key in keyof Of & string as NameOf<Key, Of[Key]>]: Of[Key] extends Setting<infer Value, string>
    ? Value
    : Of[Key] extends SectionList<infer Item>
      ? readonly Values<Item>[]
      : Values<Of[Key]>;
};

/** The key of a value in `Config` for a key of a section. */
export function valueName(key: string, node: Node): string {
  const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return node instanceof Setting ? camel + node.parts.unit : camel;
}

/** One setting and the keys that lead to it; an entry of a list of sections has `index` among them. */
export interface Leaf {
  readonly path: readonly string[];
  readonly setting: AnySetting;
}

/** Stands for any position in the path of a setting inside a list of sections. */
export const index = '#';

/** Every setting below a section, in order. */
export function leavesOf(section: Section, path: readonly string[] = []): Leaf[] {
  return Object.entries(section).flatMap(([key, node]) => {
    const here = [...path, key];
    if (node instanceof Setting) return [{ path: here, setting: node }];
    return node instanceof SectionList ? leavesOf(node.item, [...here, index]) : leavesOf(node, here);
  });
}
