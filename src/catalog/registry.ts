// Things that have a number and a name, each unique among their siblings: streams, topics, groups, users.
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** A set of named things, found by number or by exact name, listed by number. */
export class Registry<Item extends Named> implements Iterable<Item> {
  readonly #byId = new Map<number, Item>();
  readonly #byName = new Map<string, Item>();
  /** The name each item is found by: an item's own name may have changed already. */
  readonly #names = new Map<number, string>();
  #sorted: Item[] | undefined;

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): Item | undefined {
    return this.#byId.get(id);
  }

  named(name: string): Item | undefined {
    return this.#byName.get(name);
  }

  find(identifier: Identifier): Item | undefined {
    return identifier.kind === IdentifierKind.numeric
      ? this.#byId.get(identifier.id)
      : this.#byName.get(identifier.name);
  }

  add(item: Item): void {
    this.#byId.set(item.id, item);
    this.#byName.set(item.name, item);
    this.#names.set(item.id, item.name);
    this.#sorted = undefined;
  }

  remove(item: Item): void {
    this.#byId.delete(item.id);
    this.#byName.delete(this.#names.get(item.id) ?? item.name);
    this.#names.delete(item.id);
    this.#sorted = undefined;
  }

  /** Notes that `item` has another name now. */
  renamed(item: Item): void {
    this.#byName.delete(this.#names.get(item.id) ?? item.name);
    this.#byName.set(item.name, item);
    this.#names.set(item.id, item.name);
  }

  /** The lowest number not in use. */
  freeId(): number {
    let id = 0;
    while (this.#byId.has(id)) id++;
    return id;
  }

  /** In order of numbers. */
  [Symbol.iterator](): Iterator<Item> {
    this.#sorted ??= [...this.#byId.values()].sort((a, b) => a.id - b.id);
    return this.#sorted[Symbol.iterator]();
  }
}
