// Whippet for the client matrix: on a fresh folder, and started again at the same address, where clients look for it.
import { ServerProcess } from '../server_process.ts';
import type { MatrixServer } from './run.ts';

/** Starts it; `remove` ends it and deletes its folder. */
export async function whippet(): Promise<MatrixServer & { remove(): Promise<void> }> {
  let server = await ServerProcess.start();
  const { address, folder } = server;
  return {
    address,
    restart: async () => {
      await server.stop();
      server = await ServerProcess.start({ IGGY_TCP_ADDRESS: address }, folder);
    },
    remove: () => server.remove(),
  };
}
