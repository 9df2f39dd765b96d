// Kept differences. How a request is read: unreadable bytes, sizes and names, and which of several faults is told.
import { text } from '../outcome.ts';
import { brokenCharacter, type Step } from '../step.ts';
import { fieldOf, isCommand, isLargeSend, isMalformed, isSend } from '../step_traits.ts';
import { type KnownDifference, onlyPaths, statusOf } from './comparison.ts';

/** What a release answers to bytes that it cannot read. */
const malformed: ReadonlySet<number> = new Set([3, 4, 6, 80, 81, 82, 204, 4031, 4032, 4033, 4036]);

/** In 0.9 places are looked for, and options and sizes are checked, before what a release or Whippet checks first otherwise. */
function isOneOfTwo(reference: number, whippet: number): boolean {
  if (reference === 20) return [3, 41, 43, 44, 4009].includes(whippet);
  if ([1019, 4041, 4042].includes(reference)) return [1009, 1013, 2010, 2014, 2015, 41].includes(whippet);
  // An empty password reads as the end of a token.
  if (reference === 53 && whippet === 42) return true;
  return (reference === 42 && whippet === 44) || (reference === 41 && whippet === 4009);
}

/** Whether something is named by the empty text, or by one that is no text. */
function namesNothing(step: Step): boolean {
  if (step.kind !== 'command') return false;
  const request = text(step.request);
  return /"(user)?name":""/.test(request) || request.includes(brokenCharacter);
}

/** In the order in which they are tried. */
export const requestsDifferences: readonly KnownDifference[] = [
  {
    id: 'malformed-drops-connection',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      (reference.kind === 'closed' || reference.kind === 'silent') && whippet.kind === 'refused' && isMalformed(step),
  },
  {
    id: 'refusal-drops-connection',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      reference.kind === 'closed' && (whippet.kind === 'refused' || isMalformed(step) || isCommand(step, 'get_client')),
  },
  {
    id: 'empty-send',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && (statusOf(reference) === 206 || (reference.kind === 'silent' && statusOf(whippet) === 4009)),
  },
  {
    id: 'empty-name',
    goesOn: false,
    matches: ({ generation, reference, whippet, step }) =>
      generation === 'v0_9' &&
      (reference.kind === 'closed' || reference.kind === 'silent') &&
      whippet.kind === 'refused' &&
      namesNothing(step),
  },
  {
    id: 'client-0',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'get_client') && reference.kind === 'answered' && statusOf(whippet) === 101,
  },
  {
    id: 'malformed-unnoticed',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (isMalformed(step) || namesNothing(step)) && reference.kind === 'answered' && malformed.has(statusOf(whippet)),
  },
  {
    id: 'place-of-refusal',
    goesOn: true,
    matches: (comparison) =>
      (isCommand(comparison.step, 'delete_segments') || isMalformed(comparison.step)) &&
      onlyPaths(comparison, /^form$/),
  },
  {
    id: 'malformed-status',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (isMalformed(step) && reference.kind === 'refused' && whippet.kind === 'refused') ||
      (malformed.has(statusOf(reference)) && malformed.has(statusOf(whippet))),
  },
  {
    id: 'two-faults',
    goesOn: true,
    matches: ({ generation, reference, whippet, step }) =>
      (isCommand(step, 'create_topic') &&
        [2013, 2014, 1019, 4].includes(statusOf(reference)) &&
        [40, 1019, 2015].includes(statusOf(whippet))) ||
      (isCommand(step, 'poll_messages') && [3007, 3008].includes(statusOf(reference)) && statusOf(whippet) >= 5000) ||
      (statusOf(reference) === 5000 && statusOf(whippet) === 41) ||
      (statusOf(reference) === 41 && [43, 44, 101].includes(statusOf(whippet))) ||
      (isCommand(step, 'login_user') && statusOf(reference) === 47 && statusOf(whippet) === 42) ||
      (isCommand(step, 'login_user') && statusOf(reference) === 43 && statusOf(whippet) === 44) ||
      (generation === 'v0_9' && isOneOfTwo(statusOf(reference), statusOf(whippet))),
  },
  {
    id: 'broken-text',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      (statusOf(whippet) === 3 || statusOf(reference) === 3) &&
      text(step.kind === 'command' ? step.request : '').includes(brokenCharacter),
  },
  {
    id: 'send-leaves-rest',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && isMalformed(step) && reference.kind === 'silent' && whippet.kind === 'refused',
  },
  {
    id: 'minimum-sizes',
    goesOn: true,
    matches: ({ reference, whippet }) => statusOf(reference) === 3 && statusOf(whippet) > 3,
  },
  {
    id: 'frame-before-login',
    goesOn: false,
    matches: ({ whippet, step, earlier }) =>
      (whippet.kind === 'closed' && earlier.some(isLargeSend)) || (statusOf(whippet) === 3 && isLargeSend(step)),
  },
  {
    id: 'empty-name',
    goesOn: true,
    matches: ({ reference, whippet }) =>
      [3, 4].includes(statusOf(reference)) && [40, 42, 43, 50].includes(statusOf(whippet)),
  },
  {
    id: 'huge-count',
    goesOn: false,
    matches: (comparison) =>
      isCommand(comparison.step, 'poll_messages') &&
      fieldOf(comparison.step, 'count') === 0xffff_ffff &&
      (comparison.reference.kind !== 'answered' || onlyPaths(comparison, /^value\.messages\./)),
  },
];
