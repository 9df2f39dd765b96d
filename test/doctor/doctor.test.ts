// The doctor finds what is wrong with a data folder, says where, changes nothing unless asked, and agrees with what a start of the server does.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examineFolder, NotExaminable } from '../../src/doctor/examine.ts';
import { type Finding, type FolderReport, findingsOf, isDamaged } from '../../src/doctor/findings.ts';
import { formatReport } from '../../src/doctor/text.ts';
import { treatFolder } from '../../src/doctor/treat.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import type { PartitionLog } from '../../src/log/partition_log.ts';
import { byName, open, settingsOf } from '../catalog/catalog_under_test.ts';
import { batchOf, environmentOf, seen } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';

const segmentSize = fileHeaderSize + 400;
const messagesCount = 12;

interface Folder {
  readonly disk: MemoryDisk;
  /** Of the first partition. */
  readonly logFolder: string;
  /** Paths of its segments. */
  readonly segments: string[];
}

/** Two partitions with messages in several segments, of which the process died, or stopped. */
async function folderOf(isStopped = false): Promise<Folder> {
  const disk = new MemoryDisk();
  const catalog = await open(disk, [], { segmentSize });
  const topic = await catalog.createTopic(await catalog.createStream('orders'), settingsOf('placed'), 2);
  for (const { log, consumerOffsets } of topic.partitions) {
    for (let offset = 0; offset < messagesCount; offset++) await log.append(batchOf(`message ${offset}`));
    await consumerOffsets.store(1, 1, 3);
    await consumerOffsets.store(1, 1, 5);
  }
  const [{ identity }] = topic.partitions as unknown as [{ identity: { incarnation: bigint } }];
  if (isStopped) await catalog.close();
  const left = disk.copy();
  left.remove('/data/lock');
  const text = identity.incarnation.toString(16).padStart(32, '0');
  const logFolder = `/data/logs/0-0-0-${text}`;
  const segments = [...left.files.keys()].filter((path) => path.startsWith(logFolder) && path.endsWith('.log')).sort();
  return { disk: left, logFolder, segments };
}

function examine(disk: MemoryDisk): Promise<FolderReport> {
  return examineFolder(environmentOf(disk), '/data', () => {});
}

function filesOf(disk: MemoryDisk): Map<string, string> {
  return new Map([...disk.files.keys()].map((path) => [path, Buffer.from(disk.content(path)).toString('hex')]));
}

async function onlyFinding(disk: MemoryDisk): Promise<Finding> {
  const before = filesOf(disk);
  const findings = findingsOf(await examine(disk));
  assert.deepEqual(filesOf(disk), before, 'an examination changes nothing');
  assert.equal(findings.length, 1, JSON.stringify(findings));
  return findings[0]!;
}

function append(disk: MemoryDisk, path: string, size: number): void {
  const end = disk.content(path).byteLength;
  disk.truncate(path, end + size);
  disk.content(path).fill(0x57, end);
}

describe('the doctor', () => {
  it('says what is in a healthy folder', async () => {
    for (const isStopped of [true, false]) {
      const { disk, segments } = await folderOf(isStopped);
      const report = await examine(disk);
      assert.deepEqual(findingsOf(report), []);
      assert.deepEqual(
        [report.catalog.streams, report.catalog.topics, report.catalog.partitions, report.catalog.users],
        [1, 1, 2, 1],
      );
      assert.equal(report.partitions.length, 2);
      const partition = report.partitions[0]!;
      assert.deepEqual(
        [partition.topic, partition.segments, partition.firstOffset, partition.nextOffset, partition.messages],
        ['orders/placed', segments.length, 0, messagesCount, messagesCount],
      );
      assert.equal(partition.durableUpTo, isStopped ? messagesCount : partition.durableUpTo);
      assert.match(formatReport(report), /partition 0\/0\/0 of orders\/placed: \d segments, offsets 0 to 11, .*\n/);
      assert.match(formatReport(report), /healthy\n$/);
    }
  });

  it('finds a torn tail, and repairs it as a start would', async () => {
    for (const kind of ['segment', 'offsets'] as const) {
      const { disk, logFolder, segments } = await folderOf();
      const path = kind === 'segment' ? segments.at(-1)! : `${logFolder}/offsets`;
      const size = disk.content(path).byteLength;
      append(disk, path, 30);
      const { kind: found, path: where, bytes } = await onlyFinding(disk);
      assert.deepEqual([found, where, bytes], ['torn tail', path, [size, size + 30]]);
      const done = await treatFolder(environmentOf(disk), await examine(disk), { repair: true, quarantine: false });
      assert.match(done.join(), /quarantine/);
      assert.equal(disk.content(path).byteLength, size);
      assert.deepEqual(findingsOf(await examine(disk)), []);
      assert.ok(!disk.files.has('/data/lock'), 'the folder is free again');
      const notices: string[] = [];
      await open(disk, notices, { segmentSize });
      assert.deepEqual(notices, []);
    }
  });

  it('says which bytes and offsets are damaged, and leaves them alone', async () => {
    const { disk, segments } = await folderOf();
    const path = segments[0]!;
    disk.content(path)[fileHeaderSize + 10]! ^= 1;
    const finding = await onlyFinding(disk);
    assert.equal(finding.kind, 'damage');
    assert.deepEqual(finding.offsets, [0, 1]);
    assert.equal(finding.bytes![0], fileHeaderSize);
    const before = filesOf(disk);
    await treatFolder(environmentOf(disk), await examine(disk), { repair: true, quarantine: false });
    assert.deepEqual(filesOf(disk), before);
    assert.match(formatReport(await examine(disk)), /DAMAGE: .*bytes 4,096 to .*offsets 0 to 0: fails its checksums\n/);
  });

  it('moves a damaged partition aside, which then starts empty, and leaves the others', async () => {
    const { disk, logFolder, segments } = await folderOf();
    disk.content(segments[0]!)[20]! ^= 1;
    const damaged = disk.content(segments[0]!).slice();
    const done = await treatFolder(environmentOf(disk), await examine(disk), { repair: false, quarantine: true });
    assert.match(done.join(), /starts empty/);
    assert.deepEqual(findingsOf(await examine(disk)), []);
    const name = logFolder.slice(logFolder.lastIndexOf('/') + 1);
    assert.deepEqual(disk.content(`/data/quarantine/${name}.0/00000000000000000000.log`), damaged);
    const { partitions } = (await open(disk, [], { segmentSize })).stream(byName('orders')).topic(byName('placed'));
    assert.deepEqual(
      partitions.map(({ log }) => log.nextOffset),
      [0, messagesCount],
    );
  });

  it('notices a segment that is missing, and one that is not the one continued', async () => {
    const { disk, segments } = await folderOf();
    const without = disk.copy();
    without.remove(segments[1]!);
    const [first, third] = [1, 2].map((index) => Number(segments[index]!.slice(-24, -4))) as [number, number];
    const { kind, offsets } = await onlyFinding(without);
    assert.deepEqual([kind, offsets], ['missing', [first, third]]);
    const other = await folderOf();
    const foreign = disk.copy();
    foreign.remove(segments[0]!);
    foreign.place(segments[0]!, other.disk.content(other.segments[0]!));
    assert.equal((await onlyFinding(foreign)).kind, 'damage');
  });

  it('notes what is not ours, what was never finished, and what is left of ended lives', async () => {
    const { disk, logFolder } = await folderOf();
    disk.place(`${logFolder}/notes.txt`, new Uint8Array(3));
    disk.place(`${logFolder}/checkpoint.tmp`, new Uint8Array(3));
    disk.makeFolder('/data/logs/lost+found');
    const gone = disk.copy();
    const catalog = await open(gone, [], { segmentSize });
    await catalog.deleteStream(catalog.stream(byName('orders')));
    await catalog.close();
    for (const [path, { bytes, size }] of disk.files)
      if (path.startsWith(logFolder)) gone.files.set(path, { bytes: bytes.slice(0, size), size });
    gone.makeFolder(logFolder);
    const report = await examine(gone);
    assert.deepEqual([findingsOf(report), report.partitions], [[], []]);
    assert.match(report.notes.join(), /lost\+found is not ours/);
    assert.match(report.notes.join(), /what is left of a partition that was deleted or purged/);
    const { notes } = (await examine(disk)).partitions[0]!;
    assert.match(notes.join(), /notes\.txt is not ours/);
    assert.match(notes.join(), /checkpoint\.tmp was never finished/);
  });

  it('finds a partition that the catalog does not know', async () => {
    const { disk, logFolder } = await folderOf();
    const stranger = logFolder.replace('0-0-0-', '7-7-7-').replace(/..$/, '00');
    disk.makeFolder(stranger);
    const { kind, path } = await onlyFinding(disk);
    assert.deepEqual([kind, path], ['unknown partition', stranger]);
  });

  it('says why a start would be refused, and examines the partitions all the same', async () => {
    const { disk } = await folderOf();
    const path = '/data/catalog/00000000000000000000.journal';
    disk.content(path)[fileHeaderSize + 70]! ^= 1;
    const before = filesOf(disk);
    const report = await examine(disk);
    assert.deepEqual(filesOf(disk), before);
    assert.deepEqual(
      findingsOf(report).map(({ kind }) => kind),
      ['refused start'],
    );
    assert.equal(report.partitions.length, 2);
    assert.match(formatReport(report), /The server will not start/);
  });

  it('takes an unfinished change of the catalog for a torn tail', async () => {
    const { disk } = await folderOf();
    append(disk, '/data/catalog/00000000000000000000.journal', 20);
    assert.equal((await onlyFinding(disk)).kind, 'torn tail');
    await treatFolder(environmentOf(disk), await examine(disk), { repair: true, quarantine: false });
    assert.deepEqual(findingsOf(await examine(disk)), []);
  });

  it('examines no folder that is not a data folder', async () => {
    await assert.rejects(examine(new MemoryDisk()), NotExaminable);
  });

  it('agrees with a start about every byte of the last segment', async () => {
    for (const isStopped of [true, false]) {
      const { disk, segments, logFolder } = await folderOf(isStopped);
      const path = segments.at(-1)!;
      const size = disk.content(path).byteLength;
      for (let position = 0; position < size; position += position > 128 && position < fileHeaderSize ? 97 : 1) {
        for (const isCut of [true, false]) {
          const hurt = disk.copy();
          if (isCut) hurt.truncate(path, position);
          else hurt.content(path)[position]! ^= 1 << (position % 8);
          const partition = (await examine(hurt)).partitions.find(({ folder }) => folder === logFolder)!;
          const { partitions } = (await open(hurt, [], { segmentSize }))
            .stream(byName('orders'))
            .topic(byName('placed'));
          const { log } = partitions[0]!;
          const where = `byte ${position}, ${isCut ? 'cut' : 'turned'}, ${isStopped ? 'stopped' : 'killed'}`;
          assert.equal(isDamaged(partition), await isLess(log), `${where}: ${log.fence}`);
          const isTorn = partition.findings.some(({ kind }) => kind === 'torn tail');
          assert.equal(isTorn, hurt.list(`${logFolder}/quarantine`).length > 0, where);
        }
      }
    }
  });
});

/** Whether a log takes no appends or does not serve all that it should. */
async function isLess(log: PartitionLog): Promise<boolean> {
  if (log.fence !== undefined) return true;
  for (let offset = 0; offset < log.nextOffset; ) {
    try {
      const messages = seen(await log.read(offset, 1000));
      offset += messages.length;
    } catch {
      return true;
    }
  }
  return false;
}
