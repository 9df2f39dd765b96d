// Values of the generated types in the JSON of the oracles and of recorded vectors, and the comparison of the two forms.

/** JSON form: big integers as decimal strings, bytes as hex, absence as null. Field names stay. */
export function toJson(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toJson(field)]));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/**
 * Where two JSON values differ first, as `path: ours, theirs`, or undefined when they are the same. Theirs may write any integer as a
 * decimal string, and have fewer fields only where `hidden` names them.
 */
export function difference(
  ours: unknown,
  theirs: unknown,
  hidden: readonly string[] = [],
  path = '',
): string | undefined {
  if (typeof ours === 'number' && typeof theirs === 'string') return compare(String(ours), theirs, path);
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return compare(ours.length, theirs.length, `${path}.length`);
    return first(ours.keys(), (index) => difference(ours[index], theirs[index], hidden, `${path}[${index}]`));
  }
  if (!isRecord(ours) || !isRecord(theirs)) return compare(ours ?? null, theirs ?? null, path);
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return first(names, (name) => {
    const isHidden = hidden.includes(name) && !(name in theirs);
    return isHidden ? undefined : difference(ours[name], theirs[name], hidden, path === '' ? name : `${path}.${name}`);
  });
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `===`, not `Object.is`: JSON has one zero. */
function compare(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (ours === theirs) return undefined;
  return `${path === '' ? 'value' : path}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
