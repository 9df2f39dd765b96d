// The parts of kaitai-struct-compiler that are used here; the package brings no types.
declare module 'kaitai-struct-compiler' {
  interface Importer {
    importYaml(name: string, mode: string): Promise<unknown>;
  }
  const compiler: {
    /** File name to text. Rejects with an error whose message names the place in the YAML. */
    compile(language: string, spec: unknown, importer: Importer, debug: boolean): Promise<Record<string, string>>;
  };
  export default compiler;
}
