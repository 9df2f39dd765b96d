// Differences that are kept on purpose, each with a row in conformance/DIFFERENCES.md. Anything else that differs fails the comparison.
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { differences, type Outcome, text } from './outcome.ts';
import { brokenCharacter, type Generation, type Step } from './step.ts';
import {
  fieldOf,
  hasBalancedThenGrown,
  hasPolledThenChanged,
  isByGroup,
  isCommand,
  isGet,
  isLargeSend,
  isMalformed,
  isOffsetInTurn,
  isPollInTurn,
  isSend,
} from './step_traits.ts';

export interface Comparison {
  readonly generation: Generation;
  readonly step: Step;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  /** Steps before this one. */
  readonly earlier: readonly Step[];
}

interface KnownDifference {
  /** Names the row in DIFFERENCES.md. */
  readonly id: string;
  readonly generations: readonly Generation[];
  /** Whether the two servers are in the same state afterwards; if not, the case ends. */
  readonly goesOn: boolean;
  matches(comparison: Comparison): boolean;
}

const all: readonly Generation[] = ['v0_4', 'v0_5', 'v0_6', 'v0_8'];
const fromV05: readonly Generation[] = ['v0_5', 'v0_6', 'v0_8'];

/** What a release answers to bytes that it cannot read. */
const malformed: ReadonlySet<number> = new Set([3, 4, 6, 80, 81, 82, 204, 4031, 4032, 4033, 4036]);

const knownDifferences: readonly KnownDifference[] = [
  {
    id: 'malformed-drops-connection',
    generations: ['v0_4', 'v0_5', 'v0_6'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      reference.kind === 'closed' && whippet.kind === 'refused' && isMalformed(step),
  },
  {
    id: 'refusal-drops-connection',
    generations: ['v0_5', 'v0_6'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      reference.kind === 'closed' && (whippet.kind === 'refused' || isMalformed(step) || isCommand(step, 'get_client')),
  },
  {
    id: 'empty-send',
    generations: ['v0_5'],
    goesOn: false,
    matches: ({ reference, step }) => isSend(step) && statusOf(reference) === 206,
  },
  {
    id: 'before-login',
    generations: ['v0_5', 'v0_6'],
    goesOn: true,
    matches: ({ whippet }) => statusOf(whippet) === 40,
  },
  {
    id: 'offset-above-end',
    generations: ['v0_6'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'store_consumer_offset') && reference.kind === 'answered' && statusOf(whippet) === 4100,
  },
  {
    id: 'update-topic-own-name',
    generations: ['v0_6'],
    goesOn: false,
    matches: ({ reference, step }) => isCommand(step, 'update_topic') && statusOf(reference) === 2013,
  },
  {
    id: 'partition-numbers-after-delete',
    generations: ['v0_6'],
    goesOn: false,
    matches: (comparison) =>
      comparison.earlier.some((step) => isCommand(step, 'delete_partitions')) &&
      (statusOf(comparison.whippet) === 3007 || onlyPaths(comparison, /\.partitionId$/)),
  },
  {
    id: 'segments-drift',
    generations: ['v0_6'],
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.(segmentsCount|messagesSizeBytes)$/),
  },
  {
    id: 'key-without-partitions',
    generations: ['v0_6', 'v0_8'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && reference.kind === 'closed' && statusOf(whippet) === 3007,
  },
  {
    id: 'malformed-status',
    generations: all,
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (isMalformed(step) && reference.kind === 'refused' && whippet.kind === 'refused') ||
      (malformed.has(statusOf(reference)) && malformed.has(statusOf(whippet))),
  },
  {
    id: 'two-faults',
    generations: all,
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (isCommand(step, 'create_topic') &&
        [2013, 2014, 1019, 4].includes(statusOf(reference)) &&
        [40, 1019, 2015].includes(statusOf(whippet))) ||
      (isCommand(step, 'poll_messages') && [3007, 3008].includes(statusOf(reference)) && statusOf(whippet) >= 5000) ||
      (statusOf(reference) === 5000 && statusOf(whippet) === 41) ||
      (statusOf(reference) === 41 && [43, 44, 101].includes(statusOf(whippet))) ||
      (isCommand(step, 'login_user') && statusOf(reference) === 47 && statusOf(whippet) === 42) ||
      (isCommand(step, 'login_user') && statusOf(reference) === 43 && statusOf(whippet) === 44),
  },
  {
    id: 'broken-text',
    generations: all,
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (statusOf(whippet) === 3 || statusOf(reference) === 3) &&
      text(step.kind === 'command' ? step.request : '').includes(brokenCharacter),
  },
  {
    id: 'send-leaves-rest',
    generations: fromV05,
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && isMalformed(step) && reference.kind === 'silent' && whippet.kind === 'refused',
  },
  {
    id: 'minimum-sizes',
    generations: ['v0_4'],
    goesOn: true,
    matches: ({ reference, whippet }) => statusOf(reference) === 3 && statusOf(whippet) > 3,
  },
  {
    id: 'white-space-name',
    generations: ['v0_4'],
    goesOn: false,
    matches: ({ whippet, step }) =>
      [1013, 2014, 5005].includes(statusOf(whippet)) && /^\s+$/.test(String(fieldOf(step, 'name'))),
  },
  {
    id: 'rename-by-name',
    generations: ['v0_4'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'update_topic') && statusOf(reference) === 2011 && whippet.kind === 'answered',
  },
  {
    id: 'purge-before-login',
    generations: ['v0_4', 'v0_5'],
    goesOn: true,
    matches: ({ whippet, step }) => isCommand(step, 'purge_stream') && statusOf(whippet) === 40,
  },
  {
    id: 'sizes',
    generations: ['v0_4', 'v0_5', 'v0_6'],
    goesOn: true,
    matches: (comparison) => {
      const lines = differences(comparison.reference, comparison.whippet);
      return lines.every((line) => isSavedBatches(line, comparison.earlier));
    },
  },
  {
    id: 'frame-before-login',
    generations: all,
    goesOn: false,
    matches: ({ whippet, step, earlier }) =>
      (whippet.kind === 'closed' && earlier.some(isLargeSend)) || (statusOf(whippet) === 3 && isLargeSend(step)),
  },
  {
    id: 'empty-name',
    generations: ['v0_8'],
    goesOn: true,
    matches: ({ reference, whippet }) => statusOf(reference) === 4 && [40, 43, 50].includes(statusOf(whippet)),
  },
  {
    id: 'huge-count',
    generations: fromV05,
    goesOn: false,
    matches: ({ reference, step }) =>
      isCommand(step, 'poll_messages') &&
      fieldOf(step, 'count') === 0xffff_ffff &&
      (statusOf(reference) === 11001 || reference.kind !== 'answered'),
  },
  {
    id: 'login-without-version',
    generations: ['v0_4'],
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'login_user') && reference.kind === 'closed' && whippet.kind === 'answered',
  },
  {
    id: 'balanced-after-growth',
    generations: ['v0_6', 'v0_8'],
    goesOn: false,
    matches: ({ reference, whippet, earlier }) => reference.kind === whippet.kind && hasBalancedThenGrown(earlier),
  },
  {
    id: 'update-topic-defaults',
    generations: ['v0_6', 'v0_8'],
    goesOn: false,
    matches: (comparison) =>
      (isCommand(comparison.step, 'update_topic') && statusOf(comparison.whippet) === 1019) ||
      (comparison.earlier.some((step) => isCommand(step, 'update_topic')) &&
        onlyPaths(
          comparison,
          comparison.generation === 'v0_6'
            ? /\.(messageExpiry|maxTopicSize|sizeBytes)$/
            : /\.(messageExpiry|maxTopicSize)$/,
        )),
  },
  {
    id: 'purge-leaves-unsaved',
    generations: ['v0_6', 'v0_8'],
    goesOn: false,
    matches: ({ earlier, reference, whippet }) =>
      earlier.some((step) => isCommand(step, 'purge_topic') || isCommand(step, 'purge_stream')) &&
      (reference.kind === whippet.kind || statusOf(whippet) === 4100),
  },
  {
    id: 'balanced-without-partitions',
    generations: ['v0_8'],
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && statusOf(reference) === 2010 && statusOf(whippet) === 3007,
  },
  {
    id: 'expiry-beyond-clock',
    generations: all,
    goesOn: false,
    matches: ({ step, earlier }) =>
      (isCommand(step, 'get_personal_access_tokens') || isCommand(step, 'login_with_personal_access_token')) &&
      earlier.some((before) => ((fieldOf(before, 'expiry') as bigint | undefined) ?? 0n) >= 2n ** 63n),
  },
  {
    id: 'moved-connection-loses-user',
    generations: ['v0_8'],
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.(details\.client|clients\.\d+)\.userId$/),
  },
  {
    id: 'segments-of-new-topic',
    generations: ['v0_8'],
    goesOn: true,
    matches: (comparison) =>
      isCommand(comparison.step, 'create_topic') && onlyPaths(comparison, /^value\.partitions\.\d+\.segmentsCount$/),
  },
  {
    id: 'ports-of-transports',
    generations: ['v0_6', 'v0_8'],
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.nodes\.0\.(quic|http|webSocket)Port$/),
  },
  {
    id: 'access-ends',
    generations: all,
    goesOn: false,
    matches: ({ generation, reference, whippet, step, earlier }) =>
      // In 0.4, gets of one thing tell nothing instead of a refusal.
      (statusOf(whippet) === 40 || reference.kind === 'closed' || (generation === 'v0_4' && isGet(step))) &&
      earlier.some(
        (step) =>
          ['delete_user', 'delete_personal_access_token'].some((command) => isCommand(step, command)) ||
          fieldOf(step, 'status') === UserStatus.inactive,
      ),
  },
  {
    id: 'permission-rules',
    generations: ['v0_4'],
    goesOn: false,
    matches: ({ reference, whippet, step, earlier }) =>
      earlier.some((before) => isCommand(before, 'login_user') && fieldOf(before, 'username') !== 'iggy') &&
      ((isGet(step) && tellsNothing(reference) !== tellsNothing(whippet)) ||
        statusOf(reference) === 41 ||
        statusOf(whippet) === 41 ||
        reference.kind === 'closed'),
  },
  {
    id: 'permissions-for-nothing',
    generations: ['v0_4', 'v0_5'],
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.details\.permissions\.streams\./),
  },
  {
    id: 'turn-after-changes',
    generations: ['v0_8'],
    goesOn: false,
    matches: ({ reference, whippet, step, earlier }) =>
      (isPollInTurn(step) || isOffsetInTurn(step)) &&
      reference.kind !== 'closed' &&
      whippet.kind !== 'closed' &&
      hasPolledThenChanged(earlier),
  },
  {
    id: 'members-of-nothing',
    generations: ['v0_8'],
    goesOn: false,
    matches: (comparison) =>
      comparison.earlier.some((step) => isCommand(step, 'delete_partitions')) &&
      onlyPaths(comparison, /^value\.members\.\d+\.partitionIds\./),
  },
  {
    id: 'offset-in-turn',
    generations: ['v0_8'],
    goesOn: false,
    matches: ({ step, earlier }) => isOffsetInTurn(step) && earlier.some(isPollInTurn),
  },
  {
    id: 'timestamp-of-unsaved',
    generations: ['v0_4'],
    goesOn: false,
    matches: (comparison) =>
      isCommand(comparison.step, 'poll_messages') &&
      (fieldOf(comparison.step, 'strategy') as { kind: number }).kind === PollingKind.timestamp &&
      onlyPaths(comparison, /^value\.messages\./),
  },
  {
    id: 'shared-out-again',
    generations: ['v0_4'],
    goesOn: false,
    matches: ({ step, earlier }) => (isOffsetInTurn(step) || isPollInTurn(step)) && hasPolledThenChanged(earlier),
  },
  {
    id: 'offset-of-group',
    generations: ['v0_4', 'v0_5'],
    goesOn: true,
    matches: (comparison) =>
      isCommand(comparison.step, 'get_consumer_offset') &&
      isByGroup(comparison.step) &&
      onlyPaths(comparison, /^value\.consumerOffset\.storedOffset$/),
  },
  {
    id: 'order-of-freed-ids',
    generations: ['v0_6', 'v0_8'],
    goesOn: false,
    matches: (comparison) =>
      onlyPaths(comparison, /^value\.(stream\.streamId|topic\.topicId)$/) &&
      comparison.earlier.filter((step) => isCommand(step, 'delete_stream') || isCommand(step, 'delete_topic')).length >
        1,
  },
];

/** The kept difference that explains this one, if any. */
export function knownDifference(comparison: Comparison): KnownDifference | undefined {
  return knownDifferences.find(
    ({ generations, matches }) => generations.includes(comparison.generation) && matches(comparison),
  );
}

/**
 * Whether the reference does not read the rest of a request, so that what follows is misread:
 * of a send that it refused early, so that the connection is of no more use.
 */
export function leavesRest(generation: Generation, step: Step, reference: Outcome): boolean {
  if (generation === 'v0_4') return false;
  // Releases 0.5 and 0.6 leave any bytes that they did not expect.
  if (generation !== 'v0_8' && isMalformed(step)) return true;
  return isSend(step) && (isMalformed(step) || [3, 6, 40, 82].includes(statusOf(reference)));
}

function statusOf(outcome: Outcome): number {
  return outcome.kind === 'refused' ? outcome.status : 0;
}

/** Whether a get answered that there is nothing, or that it does not tell. */
function tellsNothing(outcome: Outcome): boolean {
  if (outcome.kind !== 'answered') return false;
  const fields = Object.values((outcome.value ?? {}) as Record<string, unknown>);
  return fields.every((field) => field === undefined || (Array.isArray(field) && field.length === 0));
}

function onlyPaths({ reference, whippet }: Comparison, expected: RegExp): boolean {
  return differences(reference, whippet).every((line) => expected.test(line.slice(0, line.indexOf(':'))));
}

/** Whether a size differs by the 24 bytes that release 0.4 adds to each saved batch. With user headers, sizes are those of the stored form. */
function isSavedBatches(line: string, earlier: readonly Step[]): boolean {
  const found = /^\S*[sS]ize(Bytes)?: reference (\d+), whippet (\d+)$/.exec(line);
  if (found === null) return false;
  const hasHeaders = earlier.some((step) => {
    const messages = fieldOf(step, 'messages') as { headers: unknown[] }[] | undefined;
    return messages?.some(({ headers }) => headers.length > 0) === true;
  });
  const more = Number(found[2]) - Number(found[3]);
  return hasHeaders || (more > 0 && more % 24 === 0);
}
