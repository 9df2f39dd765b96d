// The thread that hashes passwords, one after another. Its own, because the threads that Node shares out also write and sync files.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { checkPassword, hashPassword, type PasswordCheck } from './password_hash.ts';

/** A password to be hashed, or to be compared with a hash that may be missing. */
export type PasswordJob = { readonly id: number; readonly password: string } & (
  | { readonly kind: 'hash' }
  | { readonly kind: 'check'; readonly hash: string | undefined }
);

/** What became of the job of this id: the hash, or how the comparison went. */
export interface PasswordResult {
  readonly id: number;
  readonly result: string | PasswordCheck;
}

/** Below the event loop, which everybody's requests wait for: where processors are few, logins yield to it. */
const niceness = 5;

// On Linux this is the priority of the calling thread alone.
setPriority(niceness);

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (job: PasswordJob) => {
  last = last.then(async () => {
    const { id, password } = job;
    const result = job.kind === 'hash' ? hashPassword(password) : await checkPassword(password, job.hash);
    parentPort?.postMessage({ id, result } satisfies PasswordResult);
  });
});
