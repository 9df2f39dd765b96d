// One start of a simulated server: the real engine over a simulated disk, clock and chance.

import { UserStatus } from '../../generated/common/user_status.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { openCatalog } from '../../src/catalog/open_catalog.ts';
import { MasterKey } from '../../src/lib/cipher.ts';
import type { Deduplication } from '../../src/log/environment.ts';
import { environmentOf } from '../log/log_under_test.ts';
import type { DiskImage } from './disk_image.ts';
import type { Level } from './records.ts';
import { Scheduler } from './scheduler.ts';
import { Seeded } from './seeded.ts';
import { type DiskOptions, SimulatedDisk } from './simulated_disk.ts';

/** What a server is started with, over all its starts. */
export interface ServerOptions {
  readonly level: Level;
  readonly segmentSize: number;
  /** Bytes of newest messages kept in memory. */
  readonly tail: number;
  /** Whether everything on the disk is encrypted. */
  readonly isEncrypted?: boolean;
  readonly deduplication?: Deduplication;
  /** Bytes of the journal after which a snapshot is taken. */
  readonly journalPartSize?: number;
}

const masterKey = new MasterKey(new Uint8Array(32).fill(7));

export interface WorldOptions extends ServerOptions, DiskOptions {
  readonly seed: number;
  /** Microseconds that a call to the disk takes at most. */
  readonly latencyMax?: number;
  /** Microseconds by which the wall clock is off. */
  readonly clockOffset?: number;
}

export class World {
  readonly scheduler: Scheduler;
  readonly disk: SimulatedDisk;
  readonly notices: string[] = [];
  readonly #options: WorldOptions;

  constructor(image: DiskImage, options: WorldOptions) {
    this.#options = options;
    this.scheduler = new Scheduler(options.seed, options.latencyMax ?? 100);
    this.scheduler.wall += options.clockOffset ?? 0;
    this.disk = new SimulatedDisk(image, this.scheduler, options);
  }

  get server(): ServerOptions {
    return this.#options;
  }

  /** Starts the server. */
  open(): Promise<Catalog> {
    const { level, segmentSize, tail, seed, boot, isEncrypted, deduplication, journalPartSize } = this.#options;
    const given = { clock: this.scheduler, tail, notices: this.notices, ...(isEncrypted && { masterKey }) };
    const environment = {
      ...environmentOf(this.disk, given),
      random: new Seeded(seed ^ Math.imul(boot, 0x9e3779b1)),
    };
    return this.scheduler.until(
      openCatalog(environment, {
        folder: '/data',
        log: { segmentSize, level, deduplication, saveAfter: { messages: 4, bytes: 1 << 20 } },
        journalPartSize,
        rootUser: async () => ({
          name: 'iggy',
          passwordHash: 'secret',
          status: UserStatus.active,
          permissions: undefined,
        }),
      }),
    );
  }
}
