// Which server leads a partition, and acting there as the session of another connection: what clients of a cluster ask. Here it is always this one.
import type * as wire from '../../generated/commands.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { RequestContext } from './context.ts';
import type { HandlersOf } from './handlers_of.ts';
import { nodeRecord } from './records.ts';

type Names = 'attachConsumerSession' | 'getPollRouting' | 'getConsumerOffsetRouting';
/** What every question for a route names. */
type Place = Pick<wire.GetPollRouting, 'streamId' | 'topicId'>;

export function routingHandlers(catalog: Catalog, sessions: Sessions, tcpPort: () => number): HandlersOf<Names> {
  const route = ({ streamId, topicId }: Place, context: RequestContext) => {
    const stream = catalog.stream(streamId);
    context.authorize(stream.id, stream.topic(topicId).id);
    const { ownId, number } = context.session;
    return {
      consumerSession: { clientId: ownId ?? 0n, session: BigInt(number ?? 0), metadataWatermark: 0n },
      primary: nodeRecord(context.session, tcpPort()),
    };
  };
  return {
    attachConsumerSession({ consumerSession: { clientId, session } }, context) {
      const found = sessions.list().find((other) => other.ownId === clientId && BigInt(other.number ?? 0) === session);
      // Another user's memberships are none of this one's business.
      if (found === undefined || found.userId !== context.session.userId)
        throw new IggyError('invalid_session', `there is no session ${session} of that client`);
      context.session.attachedTo = found;
    },

    getPollRouting: route,
    getConsumerOffsetRouting: route,
  };
}
