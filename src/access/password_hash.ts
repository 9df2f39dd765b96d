// Password hashes as texts: argon2id in the PHC form that argon2 libraries exchange, and the bcrypt hashes of servers up to 0.4, which are only read.
// Everything here works for tens of milliseconds at a time; `Passwords` does it on a thread of its own.
import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { bcryptVerify } from 'hash-wasm';

/** What a password is to a hash. `outdated` is right too, but the hash should be made anew: it is not of today's kind. */
export type PasswordCheck = 'right' | 'outdated' | 'wrong';

interface Argon2 {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** OWASP's minimum, and the default of the reference's library. */
const today = { memory: 19_456, passes: 2, parallelism: 1 };
const saltSize = 16;
const tagSize = 32;

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const bcryptForm = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** bcrypt looks at no more of a password; the servers that made these hashes cut it off too. */
const bcryptPasswordSize = 72;

/** Stand in for the hash that a user lacks. No password fits them, and they cost what a real one costs. */
const nobody: Argon2 = { ...today, salt: randomBytes(saltSize), tag: randomBytes(tagSize) };
const nobodysBcrypt = `$2b$04$${'.'.repeat(53)}`;

/** Hashes a password with a fresh salt. */
export function hashPassword(password: string): string {
  const salt = randomBytes(saltSize);
  const tag = derive(password, { ...today, salt }, tagSize);
  const { memory, passes, parallelism } = today;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/**
 * Compares a password with a hash. Without a hash, or with a text that is none, it is wrong. One argon2id and one bcrypt hash are computed in any
 * case, so that the time does not tell whether there is a user or of which kind the hash is.
 */
export async function checkPassword(password: string, hash: string | undefined): Promise<PasswordCheck> {
  const known = hash === undefined ? undefined : argon2Of(hash);
  const { tag, ...cost } = known ?? nobody;
  const fitsArgon2 = timingSafeEqual(derive(password, cost, tag.byteLength), tag);
  const isBcrypt = hash !== undefined && bcryptForm.test(hash);
  const fitsBcrypt = await fitsBcryptHash(password, isBcrypt ? hash : nobodysBcrypt);
  if (known !== undefined && fitsArgon2) return isOfToday(known) ? 'right' : 'outdated';
  return isBcrypt && fitsBcrypt ? 'outdated' : 'wrong';
}

function argon2Of(hash: string): Argon2 | undefined {
  const match = phc.exec(hash);
  if (match === null) return undefined;
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  const [salt, tag] = match.slice(4).map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer];
  const isPossible =
    parallelism >= 1 && passes >= 1 && memory >= 8 * parallelism && salt.byteLength >= 8 && tag.byteLength >= 4;
  return isPossible ? { memory, passes, parallelism, salt, tag } : undefined;
}

function isOfToday({ memory, passes, parallelism }: Argon2): boolean {
  return memory === today.memory && passes === today.passes && parallelism === today.parallelism;
}

function derive(password: string, cost: Omit<Argon2, 'tag'>, tagLength: number): Buffer {
  const { salt, ...rest } = cost;
  return argon2Sync('argon2id', { message: password, nonce: salt, tagLength, ...rest });
}

function fitsBcryptHash(password: string, hash: string): Promise<boolean> {
  const bytes = Buffer.from(password, 'utf8').subarray(0, bcryptPasswordSize);
  return bcryptVerify({ password: bytes.byteLength === 0 ? '\0' : bytes, hash });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
