// What one frame says about the generation of its sender. Pure: a code and a payload in, the possible generations out.
import { Reader } from '../bytes/reader.ts';
import type { GenerationName } from './protocol.ts';

export interface Evidence {
  readonly possible: readonly GenerationName[];
  /** For people: what was seen. */
  readonly reason: string;
  /** From a login of v0_4: whether this SDK reads the text behind an error's status. */
  readonly errorsHaveText?: boolean;
  /** From a login that leaves two: who it is unless it asks for cluster metadata right behind. */
  readonly unlessItAsks?: GenerationName;
}

const oldIds: readonly GenerationName[] = ['v0_4', 'v0_5'];
const newIds: readonly GenerationName[] = ['v0_6', 'v0_8'];

/** What a frame proves, or undefined when it proves nothing. Malformed payloads prove nothing. */
export function evidenceOf(code: number, payload: Uint8Array): Evidence | undefined {
  switch (code) {
    case 12:
      return { possible: newIds, reason: 'asked for cluster metadata' };
    case 38:
      return ofLogin(payload);
    case 100:
      return ofTail(payload, 'poll_messages', 18, 19);
    case 101:
      return ofSend(payload);
    case 120:
      return ofTail(payload, 'get_consumer_offset', 4, 5);
    case 121:
      return ofTail(payload, 'store_consumer_offset', 12, 13);
    case 122:
      return (
        ofTail(payload, 'delete_consumer_offset', 4, 5) ?? {
          possible: ['v0_5', 'v0_6', 'v0_8'],
          reason: 'delete_consumer_offset',
        }
      );
    case 202:
      return ofCreate(payload, 0, 'create_stream');
    case 302:
      return ofCreateTopic(payload);
    case 503:
      return { possible: ['v0_5', 'v0_6', 'v0_8'], reason: 'delete_segments' };
    case 602:
      return ofCreate(payload, 2, 'create_consumer_group');
    default:
      return undefined;
  }
}

function ofLogin(payload: Uint8Array): Evidence | undefined {
  const strings = loginStrings(payload);
  if (strings === undefined) return undefined;
  const { version, context } = strings;
  const reason = `logged in as version "${version}"${context === '' ? '' : `, context "${context}"`}`;
  if (version.startsWith('iggy-java-sdk/')) return { possible: ['v0_8'], reason };
  if (context === 'java-sdk') return { possible: ['v0_4', 'v0_5', 'v0_6'], reason };
  if (context === 'csharp-sdk') return { possible: version === '0.8.0' ? ['v0_8'] : newIds, reason };
  const release = /^0\.(\d+)\.(\d+)/.exec(version);
  if (context !== '' || release === null) return undefined;
  const [minor, patch] = [Number(release[1]), Number(release[2])];
  if (minor < 6) return { possible: ['v0_4'], reason };
  // SDK 0.6.60 stopped reading the text of an error; a server that sends it puts that SDK out of step.
  if (minor === 6) return { possible: ['v0_4'], reason, errorsHaveText: patch < 60 };
  if (minor === 7) return { possible: ['v0_5'], reason };
  if (minor === 8 && patch === 0) return { possible: newIds, reason, unlessItAsks: 'v0_6' };
  if (minor === 8) return { possible: patch < 3 ? ['v0_6'] : ['v0_8'], reason };
  return { possible: ['v0_8'], reason };
}

function loginStrings(payload: Uint8Array): { version: string; context: string } | undefined {
  try {
    const reader = new Reader(payload);
    reader.take(reader.u8());
    reader.take(reader.u8());
    return { version: reader.text(reader.u32()), context: reader.text(reader.u32()) };
  } catch {
    return undefined;
  }
}

/** Byte after the identifier at `at`, or undefined when none fits. */
function afterIdentifier(payload: Uint8Array, at: number): number | undefined {
  const kind = payload[at];
  const length = payload[at + 1];
  if (length === undefined || length === 0 || (kind !== 1 && kind !== 2) || (kind === 1 && length !== 4))
    return undefined;
  const end = at + 2 + length;
  return end <= payload.byteLength ? end : undefined;
}

/** Byte after `count` identifiers from `at`. */
function afterIdentifiers(payload: Uint8Array, at: number, count: number): number | undefined {
  let end: number | undefined = at;
  for (let index = 0; index < count && end !== undefined; index++) end = afterIdentifier(payload, end);
  return end;
}

/** A partition id is 4 bytes in old generations and a flag and 4 bytes in new ones: the rest behind the identifiers tells. */
function ofTail(payload: Uint8Array, command: string, oldSize: number, newSize: number): Evidence | undefined {
  const end = afterIdentifiers(payload, 1, 3);
  if (end === undefined) return undefined;
  const rest = payload.byteLength - end;
  const reason = `${command} with ${rest} bytes behind its identifiers`;
  if (rest === oldSize) return { possible: oldIds, reason };
  return rest === newSize ? { possible: newIds, reason } : undefined;
}

/** Old generations put a wanted id before the name. Where both readings fit, a name with NULs is not one. */
function ofCreate(payload: Uint8Array, identifiers: number, command: string): Evidence | undefined {
  const at = afterIdentifiers(payload, 0, identifiers);
  if (at === undefined) return undefined;
  const rest = payload.byteLength - at;
  const fitsOld = rest >= 5 && payload[at + 4] === rest - 5;
  const fitsNew = rest >= 1 && payload[at] === rest - 1;
  if (fitsOld && fitsNew) {
    const isName = payload[at + 1] !== 0 || payload[at + 2] !== 0 || payload[at + 3] !== 0;
    return isName ? undefined : { possible: oldIds, reason: `${command} with a wanted id` };
  }
  if (fitsOld) return { possible: oldIds, reason: `${command} with a wanted id` };
  return fitsNew ? { possible: newIds, reason: `${command} without a wanted id` } : undefined;
}

function ofCreateTopic(payload: Uint8Array): Evidence | undefined {
  const at = afterIdentifier(payload, 0);
  if (at === undefined) return undefined;
  const rest = payload.byteLength - at;
  const isCompression = (value: number | undefined): boolean => value === 1 || value === 2;
  const fitsOld = payload[at + 26] === rest - 27 && isCompression(payload[at + 8]);
  const fitsNew = payload[at + 22] === rest - 23 && isCompression(payload[at + 4]);
  if (fitsOld === fitsNew) return undefined;
  return { possible: fitsOld ? oldIds : newIds, reason: `create_topic ${fitsOld ? 'with' : 'without'} a wanted id` };
}

const metadataSizeMin = 12;
const metadataSizeMax = 775;
const indexSize = 16;

/** From 0.5 on a send starts with the size of its metadata; the first message's own lengths then tell the size of its header. */
function ofSend(payload: Uint8Array): Evidence | undefined {
  if (payload.byteLength < 8) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const metadataSize = view.getUint32(0, true);
  const afterIds = afterIdentifiers(payload, 4, 2);
  const hasMetadata = metadataSize >= metadataSizeMin && metadataSize <= metadataSizeMax && afterIds !== undefined;
  const countAt = metadataSize; // 4 bytes of size, the metadata, less the 4 bytes of its last field
  if (!hasMetadata || countAt + 4 > payload.byteLength || afterIds + 2 + (payload[afterIds + 1] ?? 0) !== countAt) {
    return afterIdentifiers(payload, 0, 2) === undefined
      ? undefined
      : { possible: ['v0_4'], reason: 'send_messages without metadata size' };
  }
  const count = view.getUint32(countAt, true);
  const messagesAt = countAt + 4 + count * indexSize;
  if (count === 0 || messagesAt + 56 > payload.byteLength)
    return { possible: ['v0_5', 'v0_6', 'v0_8'], reason: 'send_messages with metadata size' };
  const firstSize = view.getUint32(countAt + 8, true);
  const headerSize = firstSize - view.getUint32(messagesAt + 48, true) - view.getUint32(messagesAt + 52, true);
  const reason = `send_messages with message headers of ${headerSize} bytes`;
  if (headerSize === 64) return { possible: ['v0_8'], reason };
  return { possible: headerSize === 56 ? ['v0_5', 'v0_6'] : ['v0_5', 'v0_6', 'v0_8'], reason };
}
