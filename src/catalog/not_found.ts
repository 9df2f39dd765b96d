// The refusals for identifiers that name nothing.
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';

/** @throws IggyError `<kind>_id_not_found` or `<kind>_name_not_found`, by how it was named. */
export function notFound(kind: 'stream' | 'topic' | 'consumer_group', identifier: Identifier): never {
  if (identifier.kind === IdentifierKind.numeric)
    throw new IggyError(`${kind}_id_not_found`, `there is no ${kind.replace('_', ' ')} ${identifier.id}`);
  throw new IggyError(`${kind}_name_not_found`, `there is no ${kind.replace('_', ' ')} "${identifier.name}"`);
}
