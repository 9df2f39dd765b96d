// Options of topics as clients send them.
import { HeaderKind } from '../../generated/common/header_kind.ts';
import type { TopicOption } from '../../src/catalog/topic_options.ts';

export function text(key: string, value: string): TopicOption {
  return { key, kind: HeaderKind.string, value: new TextEncoder().encode(value) };
}

export function flag(key: string, value: boolean): TopicOption {
  return { key, kind: HeaderKind.bool, value: Uint8Array.of(value ? 1 : 0) };
}

/** Of 8 bytes. */
export function number(key: string, value: bigint): TopicOption {
  return { key, kind: HeaderKind.uint64, value: new Uint8Array(BigUint64Array.of(value).buffer) };
}

/** Of 4 bytes. */
export function small(key: string, value: number): TopicOption {
  return { key, kind: HeaderKind.uint32, value: new Uint8Array(Uint32Array.of(value).buffer) };
}
