// The official clients that must work side by side, how each is installed, and what each says that it offers.
import { type ClientCommand, goClient, pythonClient, pythonClientVersions } from './client_install.ts';
import { type Line, runVerb } from './client_process.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { rustBinary } from './rust_build.ts';

export type Strategy = 'offset' | 'timestamp' | 'first' | 'last' | 'next';
export type GenerationName = 'v0_4' | 'v0_5' | 'v0_6' | 'v0_8';

/** Where each generation begins to count streams, topics and partitions. */
const idBases: Record<GenerationName, 0 | 1> = { v0_4: 1, v0_5: 1, v0_6: 0, v0_8: 0 };

/** What a client program says about itself. */
interface Offers {
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

/** An installed official client. */
export class OfficialClient {
  readonly name: string;
  /** The name as it can stand in a stream's name and in a seed. */
  readonly slug: string;
  readonly offers: Offers;
  readonly #command: ClientCommand;

  constructor(name: string, command: ClientCommand, offers: Offers) {
    this.name = name;
    this.slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    this.offers = offers;
    this.#command = command;
  }

  /** What this client calls the first stream, topic and partition. */
  get idBase(): 0 | 1 {
    return idBases[this.offers.generation];
  }

  /** Runs one verb of the client program to its end. */
  run(verb: string, keys: Record<string, string | number | boolean>): Promise<Line[]> {
    return runVerb(this.#command, verb, keys);
  }
}

/** The clients of this machine, and those that it cannot have. */
export interface OfficialClients {
  readonly clients: readonly OfficialClient[];
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

const installers: readonly { name: string; install: () => Promise<ClientCommand> }[] = [
  ...pythonClientVersions.map((version) => ({ name: `Python ${version}`, install: () => pythonClient(version) })),
  { name: 'Go 0.8.0', install: goClient },
  { name: 'Rust 0.6.40', install: async () => ({ command: await rustBinary('client_v0_6_40'), args: [] }) },
  { name: 'Rust 0.10.0', install: async () => ({ command: await rustBinary('client_v0_10_0'), args: [] }) },
];

/** Installs what is not installed yet. A machine without a toolchain lacks its clients; any other failure is thrown. */
export async function officialClients(): Promise<OfficialClients> {
  const clients: OfficialClient[] = [];
  const missing: { name: string; reason: string }[] = [];
  for (const { name, install } of installers) {
    try {
      const command = await install();
      const [offers] = await runVerb(command, 'verbs');
      clients.push(new OfficialClient(name, command, offers as unknown as Offers));
    } catch (error) {
      if (!(error instanceof MissingToolchain)) throw error;
      missing.push({ name, reason: error.message });
    }
  }
  return { clients, missing };
}
