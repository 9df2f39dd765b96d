// Who takes part in the client matrix: the official clients and the official command line tools.
import { MissingToolchain } from '../missing_toolchain.ts';
import { type GenerationName, type OfficialClients, officialClients } from '../official_clients.ts';
import { type RustProgram, rustBinary } from '../rust_build.ts';
import { commandLineClient } from './command_line_client.ts';

const tools: readonly { release: string; program: RustProgram; generation: GenerationName }[] = [
  { release: '0.8.3', program: 'iggy_cli_0_8_3', generation: 'v0_4' },
  { release: '0.13.0', program: 'iggy_cli_0_13_0', generation: 'v0_8' },
  { release: '0.14.0', program: 'iggy_cli_0_14_0', generation: 'v0_9' },
];

/** Installs those that are wanted by their name; tells which this machine cannot have. */
export async function matrixClients(isWanted: (name: string) => boolean = () => true): Promise<OfficialClients> {
  const { clients, missing } = await officialClients(isWanted);
  const found = [...clients];
  const lacking = [...missing];
  for (const { release, program, generation } of tools) {
    const name = `CLI ${release}`;
    if (!isWanted(name)) continue;
    try {
      found.push(commandLineClient(release, await rustBinary(program), generation));
    } catch (error) {
      if (!(error instanceof MissingToolchain)) throw error;
      lacking.push({ name, reason: error.message });
    }
  }
  return { clients: found, missing: lacking };
}
