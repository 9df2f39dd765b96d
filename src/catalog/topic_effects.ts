// What options do: the settings of a topic that follow from them, how its logs behave, and what is in force of the options it was not given.
import type { LogOptions } from '../log/environment.ts';
import type { TopicSettings } from './state.ts';
import {
  compressionName,
  compressionOf,
  derivedTopicOptions,
  givenOption,
  type OptionValue,
  readTopicOptions,
  type TopicOption,
  updateTopicOptions,
  withValues,
} from './topic_options.ts';

/** What is held in memory where neither topic nor server says. */
const defaultSaveAfter = { messages: 1024, bytes: 1 << 20 };

/** The settings that are options, too. */
type OptionSettings = Pick<TopicSettings, 'compressionAlgorithm' | 'messageExpiry' | 'maxTopicSize'>;

/** What a server gives topics that do not say. */
export type SettingDefaults = Pick<TopicSettings, 'messageExpiry' | 'maxTopicSize'>;

/**
 * The settings of a topic that is created with what was `sent`.
 * @throws IggyError `unsupported_option_key`, `invalid_option_value`.
 */
export function createdSettings(
  topic: Pick<TopicSettings, 'name' | 'replicationFactor'>,
  sent: readonly TopicOption[],
  defaults: SettingDefaults,
): TopicSettings {
  const options = readTopicOptions(sent);
  const { name, replicationFactor } = topic;
  return {
    name,
    replicationFactor,
    ...settingsIn(options, { ...defaults, compressionAlgorithm: compressionOf('none') }),
    options,
  };
}

/**
 * The settings of a topic after an update that sends these options: those that are not sent stay.
 * @throws IggyError `unsupported_option_key`, `invalid_option_value`.
 */
export function updatedSettings(
  before: TopicSettings,
  name: string,
  sent: readonly TopicOption[],
  defaults: SettingDefaults,
): TopicSettings {
  const options = updateTopicOptions(before.options, sent);
  const isSent = (key: string): boolean => sent.some((option) => option.key === key);
  const settings = settingsIn(options, {
    compressionAlgorithm: before.compressionAlgorithm,
    messageExpiry: (isSent('message_expiry') ? defaults : before).messageExpiry,
    maxTopicSize: (isSent('max_topic_size') ? defaults : before).maxTopicSize,
  });
  return { ...before, name, ...settings, options };
}

/** What the options say, and `otherwise` of which they say nothing. */
function settingsIn(options: readonly TopicOption[], otherwise: OptionSettings): OptionSettings {
  const compression = givenOption(options, 'compression_algorithm');
  return {
    compressionAlgorithm: compression === undefined ? otherwise.compressionAlgorithm : compressionOf(compression),
    messageExpiry: numberIn(options, 'message_expiry') ?? otherwise.messageExpiry,
    maxTopicSize: numberIn(options, 'max_topic_size') ?? otherwise.maxTopicSize,
  };
}

/** The options in these settings, saying what the settings are: clients without options change only those. */
export function agreeingOptions(settings: TopicSettings): TopicOption[] {
  return withValues(settings.options, valuesOf(settings));
}

function valuesOf(settings: OptionSettings): Map<string, OptionValue> {
  return new Map<string, OptionValue>([
    ['compression_algorithm', compressionName(settings.compressionAlgorithm)],
    ['message_expiry', settings.messageExpiry],
    ['max_topic_size', settings.maxTopicSize],
  ]);
}

/** How the logs of a topic with these options behave on a server whose logs behave as `server`. No option makes them less safe than that. */
export function logOptionsWith(options: readonly TopicOption[], server: LogOptions): LogOptions {
  const isPersisted =
    givenOption(options, 'durability') === 'persisted' || givenOption(options, 'enforce_fsync') === true;
  const isOffsetPersisted = givenOption(options, 'consumer_offset_durability') === 'persisted';
  const messages = numberIn(options, 'messages_required_to_save');
  const bytes = numberIn(options, 'size_of_messages_required_to_save');
  const saveAfter = { ...defaultSaveAfter, ...server.saveAfter };
  return {
    ...server,
    segmentSize: Number(numberIn(options, 'segment_size') ?? server.segmentSize),
    level: isPersisted ? 'disk' : server.level,
    offsetsLevel: isOffsetPersisted ? 'disk' : (server.offsetsLevel ?? server.level),
    saveAfter:
      messages === undefined && bytes === undefined
        ? server.saveAfter
        : { messages: Number(messages ?? saveAfter.messages), bytes: Number(bytes ?? saveAfter.bytes) },
  };
}

/** What options are in force of a topic with these settings and these logs. */
export function effectiveOptions(settings: OptionSettings, log: LogOptions): ReadonlyMap<string, OptionValue> {
  const durabilityAt = (level: LogOptions['level']): string => (level === 'disk' ? 'persisted' : 'replicated');
  const { messages, bytes } = { ...defaultSaveAfter, ...log.saveAfter };
  return new Map<string, OptionValue>([
    ...valuesOf(settings),
    ['segment_size', BigInt(log.segmentSize)],
    ['durability', durabilityAt(log.level)],
    ['consumer_offset_durability', durabilityAt(log.offsetsLevel ?? log.level)],
    ['messages_required_to_save', BigInt(messages)],
    ['size_of_messages_required_to_save', BigInt(bytes)],
  ]);
}

/** The options that a topic with these settings was not given, as they are in force. */
export function derivedOptions(settings: TopicSettings, log: LogOptions): TopicOption[] {
  return derivedTopicOptions(settings.options, effectiveOptions(settings, log));
}

function numberIn(options: readonly TopicOption[], key: string): bigint | undefined {
  const value = givenOption(options, key);
  return typeof value === 'bigint' ? value : undefined;
}
