// Randomness as the engine sees it. Injected, so that a simulation is the same for the same seed.
import { randomFillSync } from 'node:crypto';

/** Where random bytes come from. */
export interface Random {
  /** Overwrites all of `target`. */
  fill(target: Uint8Array): void;
}

const poolSize = 4096;

/** The operating system's generator, asked for 4 KiB at a time because message ids take 16 bytes each. */
export function systemRandom(): Random {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  return {
    fill(target) {
      if (target.byteLength > poolSize) {
        randomFillSync(target);
        return;
      }
      if (used + target.byteLength > poolSize) {
        randomFillSync(pool);
        used = 0;
      }
      target.set(pool.subarray(used, used + target.byteLength));
      // A later read of this memory must not tell ids that were already handed out.
      pool.fill(0, used, used + target.byteLength);
      used += target.byteLength;
    },
  };
}
