// Servers that nobody has used but to make a token of root, by which scenarios log in: a fresh one for each scenario.
import { cpSync } from 'node:fs';
import { scratchServer } from '../../test/server/scratch_server.ts';
import { type ServerCommand, ServerProcess, serverAt, whippetCommand } from '../differential/server_process.ts';
import { Side } from '../differential/side.ts';
import type { Generation } from '../differential/step.ts';
import { type Address, Observer } from './observer.ts';

/** Made before the scenario begins. */
export const tokenName = 'comparer';

export interface FreshServer extends Address {
  /** The token called `comparer`. */
  readonly token: string;
  stop(): Promise<void>;
}

/** Gives servers, one after another. */
export interface Servers {
  start(): Promise<FreshServer>;
  /** Ends what they need together. */
  end(): Promise<void>;
}

/** An official server as a new process each time. */
export function processesOf(command: ServerCommand, generation: Generation): Servers {
  return {
    start: async () => prepared(await ServerProcess.start(command), generation),
    end: () => Promise.resolve(),
  };
}

/**
 * An official server that somebody runs, emptied each time and in the end.
 * @throws when it holds anything: what somebody needs is not to be deleted.
 */
export async function emptied({ host, port }: Address, generation: Generation): Promise<Servers> {
  const side = new Side(serverAt(host, port), generation);
  const { streams, users, tokens } = await side.contents();
  side.leave();
  if (streams.length + users.length + tokens.length > 0)
    throw new Error(`the server at ${host}:${port} is not empty, and a recording deletes whatever it finds`);
  return {
    start: async () => {
      await side.reset();
      side.leave();
      return prepared({ host, port, stop: () => Promise.resolve() }, generation);
    },
    end: () => side.stop(),
  };
}

/** Makes the token on a server, which ends if that fails. */
async function prepared(server: Address & Pick<FreshServer, 'stop'>, generation: Generation): Promise<FreshServer> {
  const { host, port } = server;
  const stop = () => server.stop();
  let observer: Observer | undefined;
  try {
    observer = await Observer.open({ host, port }, generation);
    return { host, port, stop, token: await observer.makeToken(tokenName) };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    observer?.close();
  }
}

/**
 * Whippet of this checkout in this process, for clients of one generation. Its root and the token are made once, as hashing a password takes
 * longer than most scenarios; each server begins with a copy of that folder.
 */
export function whippetsFor(generation: Generation): Servers {
  const root = { IGGY_ROOT_USERNAME: 'iggy', IGGY_ROOT_PASSWORD: 'iggy' };
  const settings = { ...whippetCommand(generation).environment, ...root };
  const template = scratchServer(settings);
  const makeTemplate = async () => {
    const server = await template.start();
    const { token } = await prepared({ ...server.tcp!, stop: () => server.stop() }, generation);
    await server.stop();
    return token;
  };
  let made: Promise<string> | undefined;
  const start = async () => {
    made ??= makeTemplate();
    const token = await made;
    const scratch = scratchServer(settings);
    cpSync(template.folder, scratch.folder, { recursive: true });
    const server = await scratch.start();
    const stop = async () => {
      await server.stop();
      scratch.remove();
    };
    return { ...server.tcp!, token, stop };
  };
  return { start, end: () => Promise.resolve(template.remove()) };
}
