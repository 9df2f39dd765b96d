// Who may do what, in full: in process every command in every state of permissions against the oracle, 2^20 states × 55 commands; and over sockets
// all 1,104 sets that give rights on one level, every command: those of a stream or topic in every generation, those of global flags in turn.
// WHIPPET_PERMISSION_SETS=all sends all sets in every generation, which takes some minutes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { protocols } from '../src/protocol/index.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { checkOtherEntries, checkStates } from '../test/access/permission_matrix.ts';
import { World } from '../test/server/every_command.ts';
import { checkOtherPlaces, checkSet, globalSetsCount, liveSets } from '../test/server/permissions_live.ts';
import { scratchServer } from '../test/server/scratch_server.ts';

/** Of this many sets one also sends the commands that hash a password, which take long. */
const setsPerPassword = 32;
/** Of all generations together. */
const commandsCount = 55;

describe('in process', () => {
  test('every command is decided as the oracle says in every state of permissions', (t) => {
    const { decisions, mismatches } = checkStates(1);
    assert.deepEqual(mismatches, []);
    assert.equal(decisions, 2 ** 20 * commandsCount);
    t.diagnostic(`${decisions} decisions`);
  });

  test('also beside the flags of another stream and topic, and without an entry', (t) => {
    const { decisions, mismatches } = checkOtherEntries(1);
    assert.deepEqual(mismatches, []);
    assert.equal(decisions, (2 ** 20 * 4 + 1) * commandsCount);
    t.diagnostic(`${decisions} decisions`);
  });
});

describe('over sockets', () => {
  const generations = Object.keys(protocols.byName) as GenerationName[];
  const isFull = process.env.WHIPPET_PERMISSION_SETS === 'all';
  for (const [turn, generation] of generations.entries()) {
    const sets = liveSets.filter((_, at) => isFull || at >= globalSetsCount || at % generations.length === turn);
    test(`${generation}: what may not be sent is refused and has no effect, the rest is served, in ${sets.length} sets`, async (t) => {
      const scratch = scratchServer({ WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0' });
      const server = await scratch.start();
      try {
        const world = await World.make(server);
        const subject = await world.subject(generation);
        let sent = 0;
        for (const [at, set] of sets.entries())
          sent += await checkSet(world, subject, generation, set, at % setsPerPassword === 0);
        await checkOtherPlaces(world, subject, generation);
        subject.close();
        world.root.close();
        t.diagnostic(`${sent} commands`);
      } finally {
        await server.stop();
        scratch.remove();
      }
    });
  }
});
