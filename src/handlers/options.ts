// Options of things that have none so far: streams and users.
import type * as wire from '../../generated/commands.ts';
import { IggyError } from '../../generated/errors.ts';

export const noOptions: wire.Options = { entries: [] };

/** @throws IggyError `unsupported_option_key` for any option. */
export function refuseOptions({ entries }: wire.Options): void {
  const [first] = entries;
  if (first !== undefined) throw new IggyError('unsupported_option_key', `there is no option ${first.key}`);
}
