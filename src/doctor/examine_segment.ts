// Examines one file of messages from its first to its last byte: which frames are valid, what is between them, and how it ends.
import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import type { DiskFile } from '../log/disk.ts';
import { fileHeaderSize } from '../log/file_header.ts';
import { scanFrames } from '../log/recovery.ts';
import type { Finding } from './findings.ts';

/** What the file that follows says of this one's end; undefined for the last file. */
export interface Continuation {
  readonly offset: number;
  /** What its first frame continues; undefined when its header is damaged. */
  readonly chain: number | undefined;
}

export interface SegmentExam {
  /** Messages in valid frames. */
  readonly messages: number;
  readonly nextOffset: number;
  readonly durableUpTo: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** A frame's end. */
interface End {
  readonly position: number;
  readonly offset: number;
  readonly chain: number;
}

/** A full file: it must lead to the one that follows. `progress` is told of bytes as they are read. */
export function examineFull(
  file: DiskFile,
  header: SegmentHeader,
  next: Continuation,
  progress: (bytes: number) => void,
): SegmentExam {
  let messages = 0;
  let last: End = { position: fileHeaderSize, offset: header.baseOffset, chain: header.chainStart };
  // Where the next file goes on. What this one holds beyond was written again there, after a sync that failed.
  let handover: End | undefined = last.offset === next.offset ? last : undefined;
  let messagesThere = 0;
  const scan = scanFrames(
    file,
    header,
    0,
    ({ header: frame }, position) => {
      progress(frame.length);
      messages += frame.count;
      last = {
        position: position + frame.length,
        offset: frame.baseOffset + frame.count,
        chain: frame.headerChecksum,
      };
      if (last.offset !== next.offset) return;
      handover = last;
      messagesThere = messages;
    },
    { isSalvage: true },
  );
  const end = handover?.position ?? scan.size;
  const findings: Finding[] = scan.gaps
    .filter(({ from }) => from < end)
    .map(({ from, to, offset, offsetEnd }) => damage(file.path, from, to, offset, offsetEnd));
  const notes: string[] = [];
  if (handover === undefined)
    findings.push({
      ...{ kind: 'missing', path: file.path, offsets: [last.offset, next.offset], bytes: [last.position, scan.size] },
      text: `ends at offset ${last.offset}, but the next file begins at ${next.offset}`,
    });
  else if (next.chain !== undefined && handover.chain !== next.chain)
    findings.push({
      ...{ kind: 'damage', path: file.path, bytes: [fileHeaderSize, end], offsets: [header.baseOffset, next.offset] },
      text: 'is not the file that the next one continues',
    });
  else if (handover.position < scan.size)
    notes.push(`${file.path}: ${scan.size - handover.position} bytes at its end were written again in the next file`);
  const counted = handover === undefined ? messages : messagesThere;
  return { messages: counted, nextOffset: next.offset, durableUpTo: next.offset, findings, notes };
}

/** The file that is appended to. `checkpoint` is up to where a clean stop knew it to be on the disk. */
export function examineLast(
  file: DiskFile,
  header: SegmentHeader,
  checkpoint: number,
  progress: (bytes: number) => void,
): SegmentExam {
  let messages = 0;
  const scan = scanFrames(file, header, checkpoint, ({ header: frame }) => {
    progress(frame.length);
    messages += frame.count;
  });
  const findings: Finding[] = [];
  const { end, size, durableUpTo } = scan;
  if (scan.verdict === 'torn')
    findings.push({
      ...{ kind: 'torn tail', path: file.path, bytes: [end.position, size] },
      text: 'an append that did not end, and that nothing says was on the disk',
    });
  if (scan.verdict === 'corrupt') {
    for (const { from, to, offset, offsetEnd } of scan.gaps)
      findings.push(damage(file.path, from, to, offset, offsetEnd));
    if (end.offset < durableUpTo)
      findings.push({
        ...{ kind: 'missing', path: file.path, offsets: [end.offset, durableUpTo], bytes: [end.position, size] },
        text: 'these were on the disk and are gone',
      });
  }
  return { messages, nextOffset: Math.max(end.offset, checkpoint), durableUpTo, findings, notes: [] };
}

function damage(path: string, from: number, to: number, offset: number, offsetEnd: number): Finding {
  return { kind: 'damage', path, bytes: [from, to], offsets: [offset, offsetEnd], text: 'fails its checksums' };
}
