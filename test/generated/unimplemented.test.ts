// The generated stubs: what a command answers until someone builds it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IggyError } from '../../generated/errors.ts';
import { unimplemented } from '../../generated/handlers.ts';

test('every stub refuses with "feature unavailable"', () => {
  for (const [name, stub] of Object.entries(unimplemented)) {
    assert.throws(stub as () => never, (error) => error instanceof IggyError && error.code === 5, name);
  }
});
