// The options of topics: which there are, what each may be, what a topic was given of them and what it has of the others. Keys, kinds, defaults and bounds
// are the reference's. How an option acts is topic_effects.ts.
import { CompressionAlgorithm } from '../../generated/common/compression_algorithm.ts';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { IggyError } from '../../generated/errors.ts';
import type { TopicOption } from '../../generated/storage/topic_options.ts';
import { Writer } from '../bytes/writer.ts';
import { parseDurationMicros, parseLargeSize } from '../lib/quantities.ts';

export type { TopicOption } from '../../generated/storage/topic_options.ts';

/** What an option says; numbers are bigints whatever their kind. */
export type OptionValue = string | boolean | bigint;

/** An option as `describe_options` shows it. */
export interface DescribedOption extends TopicOption {
  readonly description: string;
}

/** One row of the catalogue of options. */
interface OptionRule {
  readonly key: string;
  readonly kind: HeaderKind;
  /** Undefined for one that is taken but not shown: another one has its place. */
  readonly initial: OptionValue | undefined;
  readonly description: string;
  readonly isUpdatable?: boolean;
  /** What was sent as text; undefined when it is nothing that the option can be. */
  readonly fromText: (text: string) => OptionValue | undefined;
  /** What may be sent as one byte instead, from 1. */
  readonly codes?: readonly string[];
  readonly isAllowed?: (value: OptionValue) => boolean;
  /** Whether 0 stands for what a topic gets that does not say. */
  readonly zeroIsDefault?: boolean;
}

const u64Max = 2n ** 64n - 1n;
const mebibyte = 1n << 20n;
const gibibyte = 1n << 30n;
const savedMessagesMax = 16n * mebibyte;
const preallocatedMax = 64n * gibibyte;
/** Longer expiries come as numbers only. */
const expirySecondsMax = 2 ** 32 - 1;

/** In the order of `describe_options`. */
const catalogue: readonly OptionRule[] = [
  {
    key: 'compression_algorithm',
    kind: HeaderKind.string,
    initial: 'none',
    description: 'Compression algorithm (none, gzip)',
    isUpdatable: true,
    fromText: (text) => oneOf(text, ['none', 'gzip']),
    codes: ['none', 'gzip'],
  },
  {
    key: 'message_expiry',
    kind: HeaderKind.uint64,
    initial: u64Max,
    description: 'How long messages are kept: microseconds, or text such as "7 days"; 18446744073709551615 is for ever',
    isUpdatable: true,
    fromText: expiryOf,
    zeroIsDefault: true,
  },
  {
    key: 'max_topic_size',
    kind: HeaderKind.uint64,
    initial: u64Max,
    description:
      'Bytes at which the oldest segments go, or text such as "1 GiB"; at least one segment; 18446744073709551615 is without limit',
    isUpdatable: true,
    fromText: topicSizeOf,
    zeroIsDefault: true,
  },
  {
    key: 'segment_size',
    kind: HeaderKind.uint64,
    initial: gibibyte,
    description: `Bytes of a full segment, or text such as "128 MiB": ${mebibyte} to ${gibibyte}, a multiple of 512`,
    fromText: sizeOf,
    isAllowed: (size) => typeof size === 'bigint' && size >= mebibyte && size <= gibibyte && size % 512n === 0n,
    zeroIsDefault: true,
  },
  {
    key: 'enforce_fsync',
    kind: HeaderKind.bool,
    initial: undefined,
    description: 'The same as durability "persisted"',
    fromText: booleanOf,
  },
  {
    key: 'durability',
    kind: HeaderKind.string,
    initial: 'replicated',
    description:
      'What an acknowledged message survives: "replicated" the end of a process, "persisted" a power cut, too',
    fromText: (text) => oneOf(text, ['replicated', 'persisted']),
  },
  {
    key: 'consumer_offset_durability',
    kind: HeaderKind.string,
    initial: 'replicated',
    description: 'What a stored offset survives, as in durability',
    fromText: (text) => oneOf(text, ['replicated', 'persisted']),
  },
  {
    key: 'messages_required_to_save',
    kind: HeaderKind.uint32,
    initial: 1024n,
    description: `Messages that are held in memory at most before they are written, where they are held: 1 to ${savedMessagesMax}`,
    fromText: (text) => (/^\+?\d{1,20}$/.test(text) ? BigInt(text) : undefined),
    isAllowed: (count) => typeof count === 'bigint' && count >= 1n && count <= savedMessagesMax,
  },
  {
    key: 'size_of_messages_required_to_save',
    kind: HeaderKind.uint64,
    initial: mebibyte,
    description: `Bytes that are held in memory at most before they are written, or text such as "1 MiB": up to ${gibibyte}`,
    fromText: sizeOf,
    isAllowed: (size) => typeof size === 'bigint' && size <= gibibyte,
    zeroIsDefault: true,
  },
  {
    key: 'preallocate_segments',
    kind: HeaderKind.bool,
    initial: false,
    description: `Whether room for whole segments is asked for: segment_size times partitions may be ${preallocatedMax} bytes`,
    fromText: booleanOf,
  },
];

const rules = new Map(catalogue.map((rule) => [rule.key, rule]));

/** As blocks of options show them: by key. */
const keysInOrder = [...rules.keys()].sort();

/**
 * The options that a topic is created with: in their canonical kinds, by key, without those that ask for the default by a 0.
 * @throws IggyError `unsupported_option_key`, `invalid_option_value`.
 */
export function readTopicOptions(sent: readonly TopicOption[]): TopicOption[] {
  return inOrder(readAll(sent));
}

/**
 * The options of a topic with `stored` ones after an update that sends `sent`; a 0 that asks for the default takes an option back.
 * @throws IggyError `unsupported_option_key` also for one that cannot change, `invalid_option_value`.
 */
export function updateTopicOptions(stored: readonly TopicOption[], sent: readonly TopicOption[]): TopicOption[] {
  for (const { key } of sent)
    if (rules.get(key)?.isUpdatable !== true) throw new IggyError('unsupported_option_key', `${key} cannot be changed`);
  const values: [string, OptionValue | undefined][] = stored.map((option) => [option.key, meaningOf(option)]);
  return inOrder(new Map([...values, ...readAll(sent)]));
}

/** The value of an option that a topic was given; undefined when it was not. */
export function givenOption(options: readonly TopicOption[], key: string): OptionValue | undefined {
  const option = options.find((one) => one.key === key);
  return option === undefined ? undefined : meaningOf(option);
}

/** All shown options that a topic was not given, with the value each has: `effective`, or what the catalogue says. By key. */
export function derivedTopicOptions(
  given: readonly TopicOption[],
  effective: ReadonlyMap<string, OptionValue>,
): TopicOption[] {
  const keys = new Set(given.map(({ key }) => key));
  const values = new Map<string, OptionValue>();
  for (const { key, initial } of catalogue)
    if (initial !== undefined && !keys.has(key)) values.set(key, effective.get(key) ?? initial);
  return inOrder(values);
}

/** The catalogue of options, each with the value that a topic gets which does not say: `effective`, or what the catalogue says. */
export function describeTopicOptions(effective: ReadonlyMap<string, OptionValue> = new Map()): DescribedOption[] {
  return catalogue.flatMap(({ key, kind, initial, description }) =>
    initial === undefined ? [] : [{ key, kind, value: bytesOf(kind, effective.get(key) ?? initial), description }],
  );
}

/** @throws IggyError `invalid_option_value` when room for all partitions at once is asked for and is too much. */
export function checkPreallocation(
  options: readonly TopicOption[],
  defaultSegmentSize: bigint,
  partitionsCount: number,
): void {
  if (givenOption(options, 'preallocate_segments') !== true) return;
  const given = givenOption(options, 'segment_size');
  const segmentSize = typeof given === 'bigint' ? given : defaultSegmentSize;
  if (segmentSize * BigInt(partitionsCount) > preallocatedMax)
    throw new IggyError('invalid_option_value', `preallocate_segments: at most ${preallocatedMax} bytes in all`);
}

/** The same options with other values, where there are any. */
export function withValues(options: readonly TopicOption[], values: ReadonlyMap<string, OptionValue>): TopicOption[] {
  return inOrder(new Map(options.map((option) => [option.key, values.get(option.key) ?? meaningOf(option)])));
}

/** The algorithm by the name that the option gives it. */
export function compressionOf(name: OptionValue): CompressionAlgorithm {
  return name === 'gzip' ? CompressionAlgorithm.gzip : CompressionAlgorithm.none;
}

/** Its name, as in the option. */
export function compressionName(algorithm: CompressionAlgorithm): string {
  return algorithm === CompressionAlgorithm.gzip ? 'gzip' : 'none';
}

function readAll(sent: readonly TopicOption[]): Map<string, OptionValue | undefined> {
  const values = new Map<string, OptionValue | undefined>();
  for (const option of sent) {
    const rule = rules.get(option.key);
    if (rule === undefined) throw new IggyError('unsupported_option_key', `there is no option ${option.key}`);
    const value = readSent(rule, option);
    if (rule.zeroIsDefault === true && value === 0n) values.set(rule.key, undefined);
    else if (value === undefined || rule.isAllowed?.(value) === false)
      throw new IggyError('invalid_option_value', `${rule.key}: ${rule.description}`);
    else values.set(rule.key, value);
  }
  return values;
}

/** What was sent in the option's own kind, as text or as a code; undefined when it is nothing of that. */
function readSent({ kind, fromText, codes }: OptionRule, sent: TopicOption): OptionValue | undefined {
  const value = meaningOf(sent);
  if (typeof value === 'string') return fromText(value);
  if (sent.kind === HeaderKind.uint8 && sent.value.byteLength === 1) return codes?.[sent.value[0]! - 1];
  return sent.kind === kind ? value : undefined;
}

function inOrder(values: ReadonlyMap<string, OptionValue | undefined>): TopicOption[] {
  return keysInOrder.flatMap((key) => {
    const value = values.get(key);
    return value === undefined
      ? []
      : [{ key, kind: rules.get(key)!.kind, value: bytesOf(rules.get(key)!.kind, value) }];
  });
}

/** Undefined when the bytes are not of the kind that they say. */
function meaningOf({ kind, value }: TopicOption): OptionValue | undefined {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  switch (kind) {
    case HeaderKind.string:
      return textOf(value);
    case HeaderKind.bool:
      return value.byteLength === 1 && value[0]! <= 1 ? value[0] === 1 : undefined;
    case HeaderKind.uint32:
      return value.byteLength === 4 ? BigInt(view.getUint32(0, true)) : undefined;
    case HeaderKind.uint64:
      return value.byteLength === 8 ? view.getBigUint64(0, true) : undefined;
    default:
      return undefined;
  }
}

function bytesOf(kind: HeaderKind, value: OptionValue): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  const writer = new Writer(kind === HeaderKind.uint32 ? 4 : 8);
  if (kind === HeaderKind.uint32) writer.u32(Number(value));
  else writer.u64(value);
  return writer.bytes;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function oneOf(text: string, names: readonly string[]): string | undefined {
  return names.find((name) => name === text.toLowerCase());
}

function booleanOf(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function sizeOf(text: string): bigint | undefined {
  const size = parseLargeSize(text);
  return size === undefined || size > u64Max ? undefined : size;
}

function topicSizeOf(text: string): bigint | undefined {
  if (text === 'unlimited') return u64Max;
  return text === 'server_default' ? 0n : sizeOf(text);
}

function expiryOf(text: string): bigint | undefined {
  if (['unlimited', 'none', 'None', 'Unlimited', 'never_expire'].includes(text)) return u64Max;
  if (['default', 'server_default', 'Default', 'Server_default'].includes(text)) return 0n;
  const micros = parseDurationMicros(text);
  return micros === undefined || micros >= (expirySecondsMax + 1) * 1_000_000 ? undefined : BigInt(micros);
}
