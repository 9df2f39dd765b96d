// The ledger: whoever made a change gets what it made, however late he hears of it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JournalEntryKind } from '../../generated/storage/journal_entry.ts';
import { Ledger } from '../../src/catalog/ledger.ts';
import { TestClock } from '../log/log_under_test.ts';

describe('the ledger', () => {
  it('hands over what a change made, also when it was deleted before its maker heard of it', async () => {
    const ledger = new Ledger(new TestClock());
    const durable: (() => void)[] = [];
    const append = (): Promise<void> => new Promise((resolve) => durable.push(resolve));
    ledger.start({ append, close: async () => {} }, () => {});
    const streamOf = (streamId: number) => () => ledger.state.streams.get(streamId)?.name;
    const first = ledger.commit({ kind: JournalEntryKind.stream_created, streamId: 0, name: 'a' }, streamOf(0));
    const second = ledger.commit({ kind: JournalEntryKind.stream_created, streamId: 1, name: 'b' }, streamOf(1));
    durable[1]!();
    assert.equal(await second, 'b');
    const deletion = ledger.commit({ kind: JournalEntryKind.stream_deleted, streamId: 0 });
    durable[2]!();
    await deletion;
    assert.equal(ledger.state.streams.get(0), undefined);
    durable[0]!();
    assert.equal(await first, 'a');
  });
});
