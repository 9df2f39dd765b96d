// A file system in a file, mounted through a loop device, whose power can be cut: what was not synced is gone, and the next mount replays its journal.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compile, makeWorkFolder, removeWorkFolder, run, unmountAtExit } from './rig.ts';

const imageSize = '512M';

/** How ext4 treats data that its journal's transactions refer to. */
export type DataMode = 'ordered' | 'writeback';

export class DiskImage {
  readonly #folder: string;
  readonly #image: string;
  readonly #cutter: string;
  /** Where it is mounted. */
  readonly mount: string;
  readonly #forget: () => void;
  #mode: DataMode = 'ordered';
  #isMounted = false;

  private constructor(folder: string, cutter: string) {
    this.#folder = folder;
    this.#cutter = cutter;
    this.#image = join(folder, 'image');
    this.mount = join(folder, 'mount');
    mkdirSync(this.mount);
    this.#forget = unmountAtExit(this.mount);
  }

  /** Makes what cuts the power. `format` follows. */
  static async create(): Promise<DiskImage> {
    const folder = makeWorkFolder('image');
    return new DiskImage(folder, await compile('power_cut.c', join(folder, 'power_cut')));
  }

  /** Begins with an empty file system. */
  async format(mode: DataMode): Promise<void> {
    await this.#unmount();
    this.#mode = mode;
    await run('rm', '-f', this.#image);
    await run('truncate', '-s', imageSize, this.#image);
    await run('mkfs.ext4', '-q', '-F', this.#image);
    await this.#doMount();
  }

  /** From now on nothing reaches the disk. */
  async cut(): Promise<void> {
    await run(this.#cutter, this.mount);
  }

  /** The power is back: what was on the disk is mounted again. Nobody may have files open. */
  async recover(): Promise<void> {
    await this.#unmount();
    await this.#doMount();
  }

  /** Lets the kernel write some of what it holds, as it does at any time. */
  async syncSome(): Promise<void> {
    // Fails when the power goes meanwhile.
    await run('sync', '-f', this.mount).catch(() => '');
  }

  async remove(): Promise<void> {
    await this.#unmount();
    this.#forget();
    removeWorkFolder(this.#folder);
  }

  async #doMount(): Promise<void> {
    await run('mount', '-o', `loop,data=${this.#mode}`, this.#image, this.mount);
    this.#isMounted = true;
  }

  async #unmount(): Promise<void> {
    if (!this.#isMounted) return;
    for (let attempt = 0; ; attempt++) {
      try {
        await run('umount', this.mount);
        this.#isMounted = false;
        return;
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(50);
      }
    }
  }
}
