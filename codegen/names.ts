// Spec names (snake_case) to TypeScript names.

/** `partition_id` → `partitionId`. */
export function camel(id: string): string {
  return id.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `poll_messages` → `PollMessages`. */
export function pascal(id: string): string {
  const name = camel(id);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The path from one generated file to another, as an import writes it. Both without extension. */
export function relativeImport(from: string, to: string): string {
  const source = from.split('/').slice(0, -1);
  const target = to.split('/');
  while (source.length > 0 && target.length > 1 && source[0] === target[0]) {
    source.shift();
    target.shift();
  }
  const up = source.map(() => '..').join('/');
  return `${up === '' ? '.' : up}/${target.join('/')}.ts`;
}
