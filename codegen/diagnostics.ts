// Collects everything that is wrong with a spec, so that a run reports all of it at once.

/** One problem at one place of the spec. */
export interface Diagnostic {
  /** Path under `spec/`, with extension. */
  readonly file: string;
  /** Line from 1. */
  readonly line: number;
  readonly message: string;
}

/** Anything that knows where it stands in the spec. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export class Diagnostics {
  readonly #found: Diagnostic[] = [];

  /** Records a problem and lets the caller go on. */
  report(place: Place, message: string): void {
    if (
      this.#found.some((known) => known.file === place.file && known.line === place.line && known.message === message)
    )
      return;
    this.#found.push({ file: place.file, line: place.line, message });
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** All problems in file and line order. */
  get all(): readonly Diagnostic[] {
    return [...this.#found].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  }
}

/** `file:line: message`, the form editors link. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return `spec/${diagnostic.file}:${diagnostic.line}: ${diagnostic.message}`;
}
