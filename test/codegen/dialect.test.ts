// The dialect is written down three times, for the compiler, for editors and for people; they must agree.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { dialectKeys } from '../../codegen/ksy.ts';

const spec = resolve(import.meta.dirname, '../../spec');

interface Schema {
  readonly properties: Record<string, unknown>;
  readonly $defs: Record<string, { readonly properties?: Record<string, unknown> }>;
}

test('dialect.schema.json knows the keys that the compiler knows', () => {
  const schema = JSON.parse(readFileSync(join(spec, 'dialect.schema.json'), 'utf8')) as Schema;
  for (const [place, keys] of Object.entries(dialectKeys)) {
    const properties = place === 'file' ? schema.properties : schema.$defs[place]?.properties;
    assert.deepEqual(Object.keys(properties ?? {}).sort(), [...keys].sort(), place);
  }
});

test('README.md explains every key of ours', () => {
  const readme = readFileSync(join(spec, 'README.md'), 'utf8');
  const own = new Set(
    Object.values(dialectKeys)
      .flat()
      .filter((key) => key.startsWith('-')),
  );
  for (const key of own) assert.ok(readme.includes(`\`${key}\``), key);
});
