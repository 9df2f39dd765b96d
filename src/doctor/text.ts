// The report of an examination for people.
import { type Finding, type FolderReport, findingsOf, type PartitionReport } from './findings.ts';

/** One paragraph for the folder and one for each partition, then what to do. */
export function formatReport(report: FolderReport): string {
  const { folder, format, owner, catalog, partitions, notes } = report;
  const state = owner === undefined ? 'no server has it' : `the server with process id ${owner} has it`;
  const lines = [
    `${folder}: format ${format}; ${state}`,
    ...indented(report.findings, notes),
    `catalog: ${count(catalog.streams, 'stream')}, ${count(catalog.topics, 'topic')}, ` +
      `${count(catalog.partitions, 'partition')}, ${count(catalog.users, 'user')}; last change ${number(catalog.lastEntry)}`,
    ...indented(catalog.findings, catalog.notes),
    ...partitions.flatMap(formatPartition),
    ...advice(report),
  ];
  return `${lines.join('\n')}\n`;
}

function formatPartition(partition: PartitionReport): string[] {
  const { streamId, topicId, partitionId, topic, segments, firstOffset, nextOffset, messages } = partition;
  const offsets =
    nextOffset === firstOffset ? 'no messages' : `offsets ${number(firstOffset)} to ${number(nextOffset - 1)}`;
  return [
    `partition ${streamId}/${topicId}/${partitionId}${topic === undefined ? '' : ` of ${topic}`}: ${count(segments, 'segment')}, ${offsets}, ` +
      `${count(messages, 'message')} valid, ${size(partition.sizeBytes)}; known to be on the disk up to offset ${number(partition.durableUpTo)}; ` +
      `${count(partition.offsetChanges, 'change')} of stored offsets${keysOf(partition)}`,
    ...indented(partition.findings, partition.notes),
  ];
}

function keysOf({ keys }: PartitionReport): string {
  return keys.every((key) => key === 'none') ? '' : `; keys: ${keys.join(', ')}`;
}

function indented(findings: readonly Finding[], notes: readonly string[]): string[] {
  return [...findings.map((finding) => `  ${formatFinding(finding)}`), ...notes.map((note) => `  note: ${note}`)];
}

function formatFinding({ kind, path, bytes, offsets, text }: Finding): string {
  const where = [
    ...(bytes === undefined ? [] : [`bytes ${number(bytes[0])} to ${number(bytes[1])}`]),
    ...(offsets === undefined ? [] : [`offsets ${number(offsets[0])} to ${number(offsets[1] - 1)}`]),
  ];
  return `${kind.toUpperCase()}: ${path}${where.length === 0 ? '' : `, ${where.join(', ')}`}: ${text}`;
}

function advice(report: FolderReport): string[] {
  const kinds = new Set(findingsOf(report).map(({ kind }) => kind));
  if (kinds.size === 0) return ['healthy'];
  const lines = [count(findingsOf(report).length, 'finding')];
  if (kinds.has('torn tail'))
    lines.push(
      'Torn tails are what a crash leaves; nothing in them was promised. The next start, or --repair, moves them to quarantine.',
    );
  if (kinds.has('damage') || kinds.has('missing'))
    lines.push(
      'A damaged partition is served read-only, without what is damaged. Restore its folder from a backup, or let it start empty with --quarantine.',
    );
  if (kinds.has('refused start'))
    lines.push('The server will not start on this folder. Restore the named file from a backup.');
  return lines;
}

function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
