// Segments: deleting the oldest sealed ones of a partition. The one that takes appends is never deleted.
import type { Catalog } from '../catalog/catalog.ts';
import type { HandlersOf } from './handlers_of.ts';

export function segmentHandlers(catalog: Catalog): HandlersOf<'deleteSegments'> {
  return {
    async deleteSegments({ streamId, topicId, partitionId, segmentsCount }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize(stream.id, topic.id);
      const partition = topic.partition(partitionId);
      await catalog.deleteSegments(topic, partition.id, segmentsCount);
    },
  };
}
