// A snapshot: facts for troubleshooting as a ZIP archive of text files.
import { zipSync } from 'fflate';
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { HandlersOf } from './handlers_of.ts';

/** What the parts of a snapshot say, asked for when one is made. None may hold a secret. */
export interface SnapshotParts {
  readonly filesystemOverview: () => string;
  readonly processList: () => string;
  readonly resourceUsage: () => string;
  readonly serverLogs: () => string;
  readonly serverConfig: () => string;
}

type PartType = Exclude<SnapshotType, typeof SnapshotType.all>;

const allParts: readonly PartType[] = [
  SnapshotType.filesystem_overview,
  SnapshotType.process_list,
  SnapshotType.resource_usage,
  SnapshotType.test,
  SnapshotType.server_logs,
  SnapshotType.server_config,
];

export function snapshotHandlers(parts: SnapshotParts, clock: Clock): HandlersOf<'getSnapshot'> {
  const texts: Readonly<Record<PartType, readonly [name: string, text: () => string]>> = {
    [SnapshotType.filesystem_overview]: ['filesystem_overview', parts.filesystemOverview],
    [SnapshotType.process_list]: ['process_list', parts.processList],
    [SnapshotType.resource_usage]: ['resource_usage', parts.resourceUsage],
    [SnapshotType.test]: ['test', () => 'test'],
    [SnapshotType.server_logs]: ['server_logs', parts.serverLogs],
    [SnapshotType.server_config]: ['server_config', parts.serverConfig],
  };
  return {
    getSnapshot({ compression, types }, context) {
      context.authorize();
      if (types.includes(SnapshotType.all) && types.length > 1) throw new IggyError('invalid_command');
      const wanted = types.includes(SnapshotType.all) ? allParts : (types as readonly PartType[]);
      const files = Object.fromEntries(
        [...new Set(wanted)].map((type) => [`${texts[type][0]}.txt`, Buffer.from(texts[type][1](), 'utf8')]),
      );
      // Deflate stands in for the compressions that few ZIP readers know.
      const level = compression === SnapshotCompression.stored ? 0 : 6;
      return { archive: zipSync(files, { level, mtime: clock.nowMicros() / 1000 }) };
    },
  };
}
