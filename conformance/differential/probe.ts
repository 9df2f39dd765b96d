// Finds out which generation a running official server speaks: the answer to get_stats has another form in each, and from 0.5 on tells the release.
import { Reader } from '../../src/bytes/reader.ts';
import { RawClient } from './raw_client.ts';
import type { Credentials } from './server_process.ts';
import { codeOf, commandTables, encodeStep, type Generation, step } from './step.ts';

const byRelease: readonly (readonly [RegExp, Generation])[] = [
  [/^0\.5\./, 'v0_5'],
  [/^0\.6\./, 'v0_6'],
  [/^0\.[78]\./, 'v0_8'],
];

/** The generation of the server, or undefined when its answers fit none for sure. @throws Error when the login is refused. */
export async function probeGeneration(host: string, port: number, root: Credentials): Promise<Generation | undefined> {
  const client = await RawClient.open(port, host);
  try {
    // A login reads the same in all generations.
    const login = encodeStep(step('login_user', { ...root, version: '0.6.40', context: '' }), 'v0_4', {
      tokens: new Map(),
      startedAt: 0,
    })!;
    const loggedIn = await client.request(login.code, login.payload);
    // A server of 0.9 takes that for the beginning of a longer head.
    if (loggedIn.kind === 'silent') return (await answersPing(host, port)) ? 'v0_9' : undefined;
    if (loggedIn.kind !== 'reply' || loggedIn.status !== 0)
      throw new Error(
        `the server refuses the login of ${root.username}, status ${'status' in loggedIn ? loggedIn.status : 'none'}`,
      );
    const reply = await client.request(codeOf('get_stats'), new Uint8Array());
    if (reply.kind !== 'reply' || reply.status !== 0) return undefined;
    for (const form of ['v0_8', 'v0_5', 'v0_4'] as const) {
      const version = serverVersion(reply.payload, form);
      if (version === undefined) continue;
      return form === 'v0_4' ? form : byRelease.find(([release]) => release.test(version))?.[1];
    }
    return undefined;
  } finally {
    client.close();
  }
}

/** Whether it is a server of 0.9. */
async function answersPing(host: string, port: number): Promise<boolean> {
  const client = await RawClient.open(port, host, 'v0_9');
  try {
    const reply = await client.request(codeOf('ping'), new Uint8Array());
    return reply.kind === 'reply' && reply.status === 0;
  } finally {
    client.close();
  }
}

/** The release that the answer tells, undefined when it does not have this form. */
function serverVersion(payload: Uint8Array, form: Generation): string | undefined {
  try {
    const reader = new Reader(payload);
    const stats = commandTables[form].get(codeOf('get_stats'))!.decodeResponse(reader);
    return reader.remaining === 0 ? (stats as { serverVersion: string }).serverVersion : undefined;
  } catch {
    return undefined;
  }
}
