// Secrets that a test plants, and the search for them in whatever bytes a server leaves behind: as they are, in hexadecimal and in base64.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a secret was found. */
export interface Sighting {
  readonly secret: string;
  readonly place: string;
}

/** Keeps secrets by name, and looks for them. */
export class Canaries {
  readonly #forms = new Map<string, readonly Buffer[]>();

  /** A new secret text that is like nothing else. */
  plant(name: string, length = 24): string {
    const text = `canary${name}${Math.random().toString(36).slice(2)}`
      .padEnd(length, 'x')
      .slice(0, Math.max(length, 20));
    this.keep(name, Buffer.from(text));
    return text;
  }

  /** Takes a secret that was made elsewhere. */
  keep(name: string, bytes: Uint8Array): void {
    this.#forms.set(name, formsOf(Buffer.from(bytes)));
  }

  get names(): string[] {
    return [...this.#forms.keys()];
  }

  /** Every secret in some bytes. */
  seenIn(bytes: Uint8Array, place: string): Sighting[] {
    const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return [...this.#forms]
      .filter(([, forms]) => forms.some((form) => searched.includes(form)))
      .map(([secret]) => ({ secret, place }));
  }

  /** Every secret in the files of a folder, names of files included. */
  seenBelow(folder: string): Sighting[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const inName = this.seenIn(Buffer.from(path), path);
      return entry.isFile() ? [...inName, ...this.seenIn(readFileSync(path), path)] : inName;
    });
  }
}

/** The bytes, and their texts in hexadecimal and base64. Base64 looks different at each of three positions; only what does not depend on neighbours counts. */
function formsOf(secret: Buffer): Buffer[] {
  const hexadecimal = secret.toString('hex');
  const shifted = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), secret]).toString('base64');
    const own = text.slice(
      Math.ceil((shift * 4) / 3) + (shift > 0 ? 1 : 0),
      Math.floor((shift + secret.byteLength) / 3) * 4,
    );
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [secret, ...[hexadecimal, hexadecimal.toUpperCase(), ...shifted].map((text) => Buffer.from(text))];
}
