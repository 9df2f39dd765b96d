// Password hashes: argon2id in the PHC text form that argon2 libraries exchange. One hash at a time: they run on the threads that also sync files.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { IggyError } from '../../generated/errors.ts';

/** OWASP's minimum, and the default of the reference's library. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const saltSize = 16;
const tagSize = 32;

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Logins that may wait for their turn; a flood beyond it is turned away instead of delaying everybody. */
const waitingMax = 64;

/** Hashes and verifies passwords, one after another. */
export class Passwords {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Hashes a password with a fresh salt. Takes tens of milliseconds, off the main thread. @throws IggyError `disconnected` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(async () => {
      const salt = randomBytes(saltSize);
      const tag = await derive(password, salt, tagSize, parameters);
      const { memory, passes, parallelism } = parameters;
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
    });
  }

  /** Whether a password is the hashed one. Text that is no hash of this form fits no password. @throws IggyError `disconnected` when too many wait. */
  verify(password: string, hash: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const match = phc.exec(hash);
      if (match === null) return false;
      const [, memory, passes, parallelism, salt, tag] = match;
      const expected = Buffer.from(tag!, 'base64');
      const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
      return timingSafeEqual(await derive(password, Buffer.from(salt!, 'base64'), expected.byteLength, cost), expected);
    });
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= waitingMax) throw new IggyError('disconnected', 'too many logins at once; try again later');
    this.#waiting++;
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }
}

function derive(
  password: string,
  salt: Buffer,
  tagLength: number,
  { memory, passes, parallelism }: Cost,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password, nonce: salt, parallelism, tagLength, memory, passes }, (error, tag) => {
      if (error) reject(error);
      else resolve(tag);
    });
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
