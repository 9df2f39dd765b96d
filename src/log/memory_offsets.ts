// Stored offsets in memory, gone with the process.
import { OffsetOwner } from '../../generated/storage/consumer_offset_entry.ts';
import { LogError } from './log_error.ts';
import type { OffsetGroup, StoredOffsets } from './partition_storage.ts';

export class MemoryOffsets implements StoredOffsets {
  readonly #offsets = new Map<string, number>();
  #isClosed = false;

  get(kind: OffsetOwner, consumerId: number): number | undefined {
    return this.#offsets.get(`${kind} ${consumerId}`);
  }

  async store(kind: OffsetOwner, consumerId: number, offset: number): Promise<void> {
    this.#check();
    this.#offsets.set(`${kind} ${consumerId}`, offset);
  }

  async delete(kind: OffsetOwner, consumerId: number): Promise<boolean> {
    this.#check();
    return this.#offsets.delete(`${kind} ${consumerId}`);
  }

  async retainGroups(groups: Iterable<OffsetGroup>): Promise<void> {
    const kept = new Set([...groups].map(({ createdIndex }) => createdIndex));
    for (const key of this.#offsets.keys()) {
      const [kind, group] = key.split(' ').map(Number);
      if (kind === OffsetOwner.consumer_group && !kept.has(group!)) this.#offsets.delete(key);
    }
  }

  async sync(): Promise<void> {}

  async purge(): Promise<void> {
    this.#offsets.clear();
  }

  async discard(): Promise<void> {
    this.#isClosed = true;
    this.#offsets.clear();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #check(): void {
    if (this.#isClosed) throw new LogError('closed', 'the partition is closed');
  }
}
