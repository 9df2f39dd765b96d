// Group commit: who waits for which sync, and that a failed one is final.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SyncGroup } from '../../src/log/sync_group.ts';

/** A sync that ends when the test says so. */
function controlled(): { readonly group: SyncGroup; readonly ends: ((error?: Error) => void)[] } {
  const ends: ((error?: Error) => void)[] = [];
  const group = new SyncGroup(
    () =>
      new Promise((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve() : reject(error)));
      }),
  );
  return { group, ends };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a sync group', () => {
  it('lets all who ask during a sync share the next one', async () => {
    const { group, ends } = controlled();
    const done: string[] = [];
    const ask = (name: string): Promise<void> => group.request().then(() => void done.push(name));
    const asked = [ask('first'), ask('second'), ask('third')];
    assert.equal(ends.length, 1);
    ends[0]!();
    await turn();
    assert.deepEqual(done, ['first']);
    assert.equal(ends.length, 2);
    const late = ask('late');
    ends[1]!();
    await turn();
    assert.deepEqual(done, ['first', 'second', 'third']);
    ends[2]!();
    await Promise.all([...asked, late]);
    await group.idle();
    assert.equal(ends.length, 3);
  });

  it('never tries again after a failure', async () => {
    const { group, ends } = controlled();
    const asked = [group.request(), group.request()];
    ends[0]!(new Error('lost'));
    for (const request of asked) await assert.rejects(request, /lost/);
    await assert.rejects(group.request(), /lost/);
    assert.equal(ends.length, 1);
  });
});
