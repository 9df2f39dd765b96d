// Decisions of the permissioner against the oracle, over the states of one user, one stream and one topic.
import { isAllowed } from '../../src/access/permissioner.ts';
import {
  commandNames,
  globalBits,
  mayDo,
  permissionsOf,
  stateCount,
  streamBits,
  streamEntry,
} from './permission_oracle.ts';

const streamId = 3;
const topicId = 5;
const otherStream = streamEntry(stateCount - 1, streamId + 1, topicId);
const otherTopic = streamEntry(stateCount - 1, streamId, topicId + 1).topics[0]!;

export interface MatrixResult {
  readonly decisions: number;
  /** The first few, for a person. */
  readonly mismatches: readonly string[];
}

/** Decides every command in every `stride`-th state. An odd stride meets every flag. */
export function checkStates(stride: number): MatrixResult {
  const check = new Check();
  for (let state = 0; state < stateCount; state += stride) {
    check.decide(state, state, permissionsOf(state, streamId, topicId));
  }
  return check;
}

/** The same where flags of another stream or topic stand beside, and where there is no entry: those count for nothing. */
export function checkOtherEntries(stride: number): MatrixResult {
  const check = new Check();
  for (let state = 0; state < stateCount; state += stride) {
    const permissions = permissionsOf(state, streamId, topicId);
    const [entry] = permissions.streams;
    const beside = { ...entry!, topics: [otherTopic, ...entry!.topics] };
    check.decide(state, state, { ...permissions, streams: [otherStream, beside] });
    const withoutTopic = { ...entry!, topics: [otherTopic] };
    check.decide(state, state & (globalBits | streamBits), { ...permissions, streams: [withoutTopic, otherStream] });
    check.decide(state, state & globalBits, { ...permissions, streams: [otherStream] });
    check.decide(state, state & globalBits, { ...permissions, streams: [] });
  }
  check.decide(0, 0, undefined);
  return check;
}

class Check implements MatrixResult {
  decisions = 0;
  readonly mismatches: string[] = [];

  /** Decides every command. `counting` is what counts of the state. */
  decide(state: number, counting: number, permissions: Parameters<typeof isAllowed>[1]): void {
    for (const command of commandNames) {
      this.decisions++;
      const expected = mayDo(command, counting);
      if (isAllowed(command, permissions, streamId, topicId) !== expected && this.mismatches.length < 10)
        this.mismatches.push(`${command} in state ${state.toString(2).padStart(20, '0')}: expected ${expected}`);
    }
  }
}
