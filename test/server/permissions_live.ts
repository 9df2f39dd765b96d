// Sets of permissions live: a user of each set sends every command over a socket; who may not is told so and changes nothing.
import assert from 'node:assert/strict';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { globalBits, mayDo, permissionsOf, streamBits, topicBits } from '../access/permission_oracle.ts';
import {
  type Attempt,
  byName,
  byNumber,
  hidesFromUsers,
  hidingGets,
  otherPlaces,
  otherTopics,
  type World,
} from './every_command.ts';
import type { RawClient } from './raw_client.ts';

const unauthorized = 41;

/** The sets that give rights on one level only: all 1,024 of global flags, 64 of a stream's, 16 of a topic's. */
export const liveSets: readonly number[] = [
  ...Array.from({ length: 1024 }, (_, flags) => flags),
  ...Array.from({ length: 64 }, (_, flags) => flags << 10),
  ...Array.from({ length: 16 }, (_, flags) => flags << 16),
];

/** How many of them are about global flags. */
export const globalSetsCount = 1024;

/** Sends every command as a user of one set; of those that hash a password only where `withPasswords`. @returns how many were sent. */
export async function checkSet(
  world: World,
  subject: RawClient,
  generation: GenerationName,
  set: number,
  withPasswords: boolean,
): Promise<number> {
  const stored =
    (set & globalBits) === set && set % 2 === 1
      ? { ...permissionsOf(set, 0, 0), streams: [] }
      : permissionsOf(set, 0, 0);
  await world.setPermissions(stored);
  // Every second set names things by number.
  const attempts = await world.attempts(generation, set % 2 === 1 ? byNumber : byName);
  const isAllowed = ({ command }: Attempt) => mayDo(command, set);
  const before = await world.state();
  for (const attempt of attempts)
    if (!isAllowed(attempt)) await expectRefusal(subject, generation, attempt, `set ${set}`);
  assert.equal(await world.state(), before, `${generation}: a refused command of set ${set} had an effect`);

  const allowed = attempts.filter((attempt) => isAllowed(attempt) && (withPasswords || attempt.isSlow !== true));
  for (const attempt of allowed) await expectAnswer(subject, attempt, `${generation}, set ${set}`, world);
  if (allowed.some(({ destroys }) => destroys)) await world.restore();
  return attempts.length;
}

async function expectRefusal(
  subject: RawClient,
  generation: GenerationName,
  { command, request }: Attempt,
  where: string,
): Promise<void> {
  const { status, payload } = await subject.ask(command, request);
  const hides = hidesFromUsers.has(generation) && hidingGets.has(command);
  assert.equal(status, hides ? 0 : unauthorized, `${generation} ${command}, ${where}`);
  if (hides) assert.equal(payload.byteLength, 0, `${generation} ${command}, ${where} tells something`);
}

async function expectAnswer(subject: RawClient, attempt: Attempt, where: string, world: World): Promise<void> {
  const { command, request, allowed } = attempt;
  // What was destroyed before is there again for what comes next.
  if (attempt.destroys && command.startsWith('delete_')) await world.restore();
  const { status, payload } = await subject.ask(command, request);
  assert.equal(status, allowed, `${command}, ${where}`);
  if (hidingGets.has(command)) assert.notEqual(payload.byteLength, 0, `${command}, ${where} tells nothing`);
}

/** Checks that every right to one stream, and every right to one topic, is none to another. */
export async function checkOtherPlaces(world: World, subject: RawClient, generation: GenerationName): Promise<void> {
  await world.setPermissions(undefined);
  const before = await world.state();
  for (const [set, places] of [
    [streamBits | topicBits, otherPlaces],
    [topicBits, otherTopics],
  ] as const) {
    await world.setPermissions(permissionsOf(set, 0, 0));
    for (const place of places) {
      const refused = (await world.attempts(generation, place)).filter(({ command }) => !mayDo(command, 0));
      for (const attempt of refused) await expectRefusal(subject, generation, attempt, `at ${JSON.stringify(place)}`);
    }
  }
  await world.setPermissions(undefined);
  assert.equal(await world.state(), before, `${generation}: a refused command had an effect elsewhere`);
}
