// Permissions over sockets: a sample of the sets, every command, every generation. The conformance suite does all sets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { commandNames } from '../access/permission_oracle.ts';
import { World } from './every_command.ts';
import { checkOtherPlaces, checkSet, liveSets } from './permissions_live.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer({ WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0' });
let server: RunningServer;
let world: World;

before(async () => {
  server = await scratch.start();
  world = await World.make(server);
});
after(async () => {
  world.root.close();
  await server.stop();
  scratch.remove();
});

const generations = Object.keys(protocols.byName) as GenerationName[];

test('a command that may not be sent is refused with the status of its generation and has no effect, the others are served', async () => {
  const seen = new Set<string>();
  for (const [at, generation] of generations.entries()) {
    const subject = await world.subject(generation);
    for (const { command } of await world.attempts(generation)) seen.add(command);
    for (let index = at; index < liveSets.length; index += 67)
      await checkSet(world, subject, generation, liveSets[index]!, index < 100);
    subject.close();
  }
  assert.deepEqual([...seen].sort(), [...commandNames].sort());
});

test('rights to one stream or topic are none to another, by name or number', async () => {
  for (const generation of generations) {
    const subject = await world.subject(generation);
    await checkOtherPlaces(world, subject, generation);
    subject.close();
  }
});
