// Encryption of what is stored: AES-256-GCM with one key per file, derived from a master key. Nonces are counters, so that none is used twice.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Bytes that sealing adds: the counter before the text and the tag after it. */
export const sealedOverhead = 8 + 16;

const keySize = 32;
const tagSize = 16;

/** The key from which those of files are derived. Printing it shows its number only. */
export class MasterKey {
  /** Tells keys apart in messages and file headers; says nothing about the key. Never 0. */
  readonly id: number;
  readonly #secret: KeyObject;
  readonly #previous: readonly MasterKey[];

  /** `bytes` are 32 random ones; `previous` only open what was sealed before this key came. */
  constructor(bytes: Uint8Array, previous: readonly MasterKey[] = []) {
    this.#previous = previous;
    if (bytes.byteLength !== keySize)
      throw new Error(`an encryption key has ${keySize} bytes, not ${bytes.byteLength}`);
    this.#secret = createSecretKey(bytes);
    this.id =
      new DataView(this.#derive(new Uint8Array(0), new TextEncoder().encode('whippet key id'), 4)).getUint32(0) || 1;
  }

  /** From base64, as `openssl rand -base64 32` makes it; undefined when it is no such text. */
  static parse(text: string, previous: readonly MasterKey[] = []): MasterKey | undefined {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.byteLength !== keySize || bytes.toString('base64') !== text) return undefined;
    return new MasterKey(bytes, previous);
  }

  /** Texts as `parse` takes them, separated by commas; undefined when one of them is none. */
  static parseList(text: string): MasterKey[] | undefined {
    const parts = text.split(',').map((part) => part.trim());
    const keys = parts.filter((part) => part !== '').map((part) => MasterKey.parse(part));
    return keys.every((key) => key !== undefined) ? keys : undefined;
  }

  /** The key of this number, of this one and the previous ones. */
  withId(id: number): MasterKey | undefined {
    return [this, ...this.#previous].find((key) => key.id === id);
  }

  /** The key of one file. `salt` is random, `context` says which file it is. */
  fileKey(salt: Uint8Array, context: Uint8Array): FileKey {
    return new FileKey(createSecretKey(new Uint8Array(this.#derive(salt, context, keySize))));
  }

  #derive(salt: Uint8Array, context: Uint8Array, size: number): ArrayBuffer {
    return hkdfSync('sha256', this.#secret, salt, context, size);
  }
}

/** Seals and opens texts of one file. */
export class FileKey {
  readonly #key: KeyObject;
  readonly #nonce = new Uint8Array(12);
  readonly #nonceView = new DataView(this.#nonce.buffer);

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** Counter, encrypted text, tag. `counter` must never come again with this key. */
  seal(counter: bigint, context: Uint8Array, text: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(sealedOverhead + text.byteLength);
    new DataView(sealed.buffer).setBigUint64(0, counter, true);
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonceOf(counter));
    cipher.setAAD(context);
    sealed.set(cipher.update(text), 8);
    cipher.final();
    sealed.set(cipher.getAuthTag(), sealed.byteLength - tagSize);
    return sealed;
  }

  /** The text; undefined when it, its place or its context is not what was sealed. */
  open(context: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.byteLength < sealedOverhead) return undefined;
    const counter = new DataView(sealed.buffer, sealed.byteOffset).getBigUint64(0, true);
    const tagAt = sealed.byteLength - tagSize;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonceOf(counter));
    decipher.setAAD(context);
    decipher.setAuthTag(sealed.subarray(tagAt));
    const text = decipher.update(sealed.subarray(8, tagAt));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return text;
  }

  /** 32 bits of zeros, then the counter. */
  #nonceOf(counter: bigint): Uint8Array {
    this.#nonceView.setBigUint64(4, counter);
    return this.#nonce;
  }
}
