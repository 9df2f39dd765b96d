// The parts of the package `benchmark` that are used here; it brings no types.
declare module 'benchmark' {
  interface Options {
    name: string;
    fn(): void;
    /** Seconds after which a run ends once it has `minSamples`. */
    maxTime: number;
    /** Seconds that one sample takes at least. */
    minTime: number;
    minSamples: number;
    async: boolean;
  }
  class Benchmark {
    constructor(options: Options);
    /** The package once more, with parts of its surroundings replaced. */
    static runInContext(context: { process: { hrtime(since?: [number, number]): [number, number] } }): typeof Benchmark;
    /** Set when `fn` threw. */
    readonly error: unknown;
    /** `sample`: seconds per call, one figure per sample. */
    readonly stats: { readonly sample: readonly number[] };
    run(): this;
  }
  export default Benchmark;
}
