// Fields that the decoder of an official crate does not show: it skips them, or its generation has none and ours gives the default.
import type { GenerationName } from '../src/protocol/protocol.ts';

/** What topics are created with in generations before options. */
const settings = ['compressionAlgorithm', 'messageExpiry', 'maxTopicSize'];

/** Only generation 0.9 has them. */
const optionFields = ['options', 'explicitOptions', 'derivedOptions'];

const withoutDisk = ['threadsCount', 'freeDiskSpace', 'totalDiskSpace'];

/** Fields that the crate's decoder does not show: it skips them, or its generation has none and ours gives the default. */
const hiddenFields: Readonly<Partial<Record<GenerationName, Readonly<Record<string, readonly string[]>>>>> = {
  v0_4: { get_stats_response: ['serverVersion', 'serverSemver', 'cacheMetrics', ...withoutDisk] },
  v0_5: { get_stats_response: withoutDisk },
  v0_6: { get_stats_response: withoutDisk },
  v0_8: { message: ['reserved'], send_messages: ['reserved'], poll_messages_response: ['reserved'] },
  v0_9: {
    message: ['reserved'],
    create_topic: settings,
    update_topic: settings,
    ...Object.fromEntries(
      ['get_stream', 'get_topic', 'get_topics', 'create_topic'].map((name) => [
        `${name}_response`,
        ['replicationFactor'],
      ]),
    ),
  },
};

export function hiddenFrom(generation: GenerationName, type: string): readonly string[] {
  const hidden = hiddenFields[generation]?.[type] ?? [];
  return generation === 'v0_9' ? hidden : [...hidden, ...optionFields];
}
