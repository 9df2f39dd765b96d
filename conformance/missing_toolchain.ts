// What installers throw when this machine lacks a compiler or interpreter: a reason to skip, where every other failure is a failure.

/** A program that conformance needs is not on this machine. */
export class MissingToolchain extends Error {
  override readonly name = 'MissingToolchain';
}
