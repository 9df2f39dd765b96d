// What a step of a scenario is, as far as kept differences depend on it.
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { connectionOf, type Step, stepTitle } from './step.ts';

/** A request that may be larger than 1 KiB. */
export function isLargeSend(step: Step): boolean {
  const messages = (fieldOf(step, 'messages') ?? []) as { payload: Uint8Array; headers: unknown[] }[];
  const sizes = messages.map(({ payload, headers }) => 80 + payload.byteLength + headers.length * 280);
  return sizes.reduce((sum, size) => sum + size, 0) > 500;
}

/** Whether partitions were added after a balanced send. */
export function hasBalancedThenGrown(steps: readonly Step[]): boolean {
  const sent = steps.findIndex(
    (step) => isSend(step) && (fieldOf(step, 'partitioning') as { kind: number } | undefined)?.kind === 1,
  );
  return sent >= 0 && steps.slice(sent).some((step) => isCommand(step, 'create_partitions'));
}

export function isByGroup(step: Step): boolean {
  return (fieldOf(step, 'consumer') as { kind: number } | undefined)?.kind === ConsumerKind.consumer_group;
}

/** A poll by a group that leaves the partition to the server. */
export function isPollInTurn(step: Step): boolean {
  return isCommand(step, 'poll_messages') && isByGroup(step) && fieldOf(step, 'partitionId') === undefined;
}

/** An offset of a group of a partition that is left to the server. */
export function isOffsetInTurn(step: Step): boolean {
  return stepTitle(step).endsWith('_consumer_offset') && isByGroup(step) && fieldOf(step, 'partitionId') === undefined;
}

/** Whether anything was changed after a group's poll in turn. */
export function hasPolledThenChanged(steps: readonly Step[]): boolean {
  const polled = steps.findIndex(isPollInTurn);
  return polled >= 0 && steps.slice(polled).some((step) => /^(create|delete|update|join|leave)_/.test(stepTitle(step)));
}

/** Whether groups were joined more than once, by whomever. */
export function hasSeveralJoins(steps: readonly Step[]): boolean {
  return steps.filter((step) => isCommand(step, 'join_consumer_group')).length > 1;
}

/** Whether a connection was closed that had sent messages. */
export function hasMovedThenClosed(steps: readonly Step[]): boolean {
  return steps.some(
    (step, index) =>
      step.kind === 'close' &&
      steps.slice(0, index).some((earlier) => isSend(earlier) && connectionOf(earlier) === connectionOf(step)),
  );
}

/** Whether a step reads groups or is done in the name of one. */
export function isAboutGroups(step: Step): boolean {
  return isByGroup(step) || stepTitle(step).includes('consumer_group');
}

/** Whether a step only reads. */
export function isGet(step: Step): boolean {
  return stepTitle(step).startsWith('get_');
}

export function isSend(step: Step): boolean {
  return isCommand(step, 'send_messages') || (step.kind === 'raw' && step.code === 101);
}

export function isCommand(step: Step, command: string): boolean {
  return step.kind === 'command' && step.command === command;
}

/** Whether the step's bytes are not those of a request. */
export function isMalformed(step: Step): boolean {
  return step.kind === 'raw' || (step.kind === 'command' && step.tamper !== undefined);
}

export function fieldOf(step: Step, name: string): unknown {
  return step.kind === 'command' ? step.request[name] : undefined;
}
