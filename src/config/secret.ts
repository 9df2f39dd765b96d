// A text that must not be shown. Whatever prints, serializes or logs it by accident gets the mask.
import { inspect } from 'node:util';

/** What stands for a secret wherever configuration is shown. */
export const secretMask = '******';

/** A secret text; only `reveal` gives it out. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that needs it. */
  reveal(): string {
    return this.#text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  toString(): string {
    return this.isEmpty ? '' : secretMask;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `Secret(${this.toString()})`;
  }
}
