// One stream: its name and its topics.
import type { Identifier } from '../../generated/common/identifier.ts';
import { notFound } from './not_found.ts';
import { Registry } from './registry.ts';
import type { StreamRecord } from './state.ts';
import type { Topic } from './topic.ts';

export class Stream {
  /** In order of ids. Changed by the catalog only. */
  readonly topics = new Registry<Topic>();
  readonly #record: StreamRecord;

  constructor(record: StreamRecord) {
    this.#record = record;
  }

  get id(): number {
    return this.#record.id;
  }

  /** Tells this stream from an earlier one of the same number. */
  get createdIndex(): number {
    return this.#record.createdIndex;
  }

  /** Microseconds. */
  get createdAt(): number {
    return this.#record.createdAt;
  }

  get name(): string {
    return this.#record.name;
  }

  get messagesCount(): number {
    return [...this.topics].reduce((sum, { messagesCount }) => sum + messagesCount, 0);
  }

  get sizeBytes(): number {
    return [...this.topics].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  findTopic(identifier: Identifier): Topic | undefined {
    return this.topics.find(identifier);
  }

  /** @throws IggyError `topic_id_not_found`, `topic_name_not_found`. */
  topic(identifier: Identifier): Topic {
    return this.findTopic(identifier) ?? notFound('topic', identifier);
  }
}
