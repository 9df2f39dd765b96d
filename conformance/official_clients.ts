// The official clients of the registries, how each is installed, and what each says that it offers.
import { type ClientCommand, clientInstallers } from './client_install.ts';
import { type Line, runVerb } from './client_process.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { RunningClient } from './running_client.ts';
import { type RustProgram, rustBinary } from './rust_build.ts';

export type Strategy = 'offset' | 'timestamp' | 'first' | 'last' | 'next';
export type GenerationName = 'v0_4' | 'v0_5' | 'v0_6' | 'v0_8' | 'v0_9';

/** Where each generation begins to count streams, topics and partitions. */
const idBases: Record<GenerationName, 0 | 1> = { v0_4: 1, v0_5: 1, v0_6: 0, v0_8: 0, v0_9: 0 };

/** What a client program says about itself. */
export interface Offers {
  readonly verbs: readonly string[];
  readonly strategies: readonly Strategy[];
  /** Whether it sends and shows user headers. */
  readonly headers: boolean;
  /** Whether it chooses message ids. */
  readonly ids: boolean;
  readonly generation: GenerationName;
  /** The consumer it always polls as; absent when it can choose. */
  readonly consumer?: number;
}

export type Keys = Record<string, string | number | boolean>;

/** What carries out verbs. */
export interface Performer {
  /** Runs one verb to its end. */
  run(verb: string, keys: Keys): Promise<Line[]>;
  /** Starts a verb that runs beside others, or waits in its middle until its input ends; `take` is given its lines as they come. */
  start(verb: string, keys: Keys, take?: (line: Line) => void): RunningClient;
}

/** The verbs of a program by its command. */
function performerOf(command: ClientCommand): Performer {
  return {
    run: (verb, keys) => runVerb(command, verb, keys),
    start: (verb, keys, take) => RunningClient.start(command, verb, keys, take),
  };
}

/** An installed official client. */
export class OfficialClient {
  readonly language: string;
  readonly release: string;
  readonly offers: Offers;
  readonly #performer: Performer;

  constructor(language: string, release: string, performer: Performer, offers: Offers) {
    this.language = language;
    this.release = release;
    this.offers = offers;
    this.#performer = performer;
  }

  get name(): string {
    return `${this.language} ${this.release}`;
  }

  /** The name as it can stand in a stream's name and in a seed. */
  get slug(): string {
    return this.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  }

  /** What this client calls the first stream, topic and partition. */
  get idBase(): 0 | 1 {
    return idBases[this.offers.generation];
  }

  /** Runs one verb of the client program to its end. */
  run(verb: string, keys: Keys): Promise<Line[]> {
    return this.#performer.run(verb, keys);
  }

  /** Starts a verb that runs beside others, or waits in its middle until its input ends; `take` is given its lines as they come. */
  start(verb: string, keys: Keys, take?: (line: Line) => void): RunningClient {
    return this.#performer.start(verb, keys, take);
  }
}

/** The clients of this machine, and those that it cannot have. */
export interface OfficialClients {
  readonly clients: readonly OfficialClient[];
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

const rustPrograms: readonly [release: string, program: RustProgram][] = [
  ['0.6.40', 'client_v0_6_40'],
  ['0.7.0', 'client_v0_7_0'],
  ['0.8.0', 'client_v0_8_0'],
  ['0.9.0', 'client_v0_9_0'],
  ['0.10.0', 'client_v0_10_0'],
  ['0.11.0', 'client_v0_11_0'],
];

const installers = [
  ...rustPrograms.map(([release, program]) => ({
    language: 'Rust',
    release,
    install: async (): Promise<ClientCommand> => ({ command: await rustBinary(program), args: [] }),
  })),
  ...clientInstallers,
];

/** Every official client by its name, installed here or not. */
export const officialClientNames: readonly string[] = installers.map(
  ({ language, release }) => `${language} ${release}`,
);

/**
 * Installs what is not installed yet, of the clients that are wanted. A machine without a toolchain lacks its clients; any other
 * failure is thrown.
 */
export async function officialClients(isWanted: (name: string) => boolean = () => true): Promise<OfficialClients> {
  const clients: OfficialClient[] = [];
  const missing: { name: string; reason: string }[] = [];
  for (const { language, release, install } of installers) {
    const name = `${language} ${release}`;
    if (!isWanted(name)) continue;
    try {
      const command = await install();
      const [offers] = await runVerb(command, 'verbs');
      clients.push(new OfficialClient(language, release, performerOf(command), offers as unknown as Offers));
    } catch (error) {
      if (!(error instanceof MissingToolchain)) throw error;
      missing.push({ name, reason: error.message });
    }
  }
  return { clients, missing };
}
