// What a simulation found that must not be.

export class Violation extends Error {
  override readonly name = 'Violation';
}

export function must(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Violation(text());
}
