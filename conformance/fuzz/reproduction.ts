// What a failure needs to be understood: what each connection sent last, as commands, and the shortest list of frames that fails on a new server.
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { WireClient } from '../rigs/wire_client.ts';
import { describeFrame, LiveViolation } from './answers.ts';
import { Canary } from './canary.ts';
import { hello, login, prepare, type Role } from './fixture.ts';
import { cutFrame, type Form } from './frames.ts';
import type { KnownInput } from './known_inputs.ts';
import { LiveConnection } from './live_connection.ts';
import type { LiveFailure, SentByOne } from './live_fuzz.ts';
import { shrink } from './shrink.ts';
import { deadlines, frameLimits, TargetServer } from './target_server.ts';

const framesShown = 8;
const connectionsShown = 6;
const settleMs = 30_000;

/** Frames of one connection after its login, the last of which may be ill-framed or unfinished. */
interface Conversation {
  readonly generation: GenerationName;
  readonly role: Role;
  readonly frames: readonly Uint8Array[];
}

/** What each connection sent last. */
export function lastFrames({ connections }: LiveFailure): string {
  return connections
    .slice(0, connectionsShown)
    .map(({ role, generation, bytes }, index) => {
      const frames = cutAll(bytes).slice(-framesShown);
      const shown = frames.map((frame) => `  ${describeFrame(frame, generation)}`).join('\n');
      return `${index === 0 ? 'this connection' : 'another connection'}, ${role}, ${generation}, sent last:\n${shown}`;
    })
    .join('\n');
}

/** Frames of a stream; what is left at its end is the last one. */
function cutAll(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = 0;
  let form: Form | undefined;
  for (;;) {
    const cut = cutFrame(bytes, at, () => Number.POSITIVE_INFINITY, form);
    if (cut.kind !== 'frame') break;
    form = cut.form;
    frames.push(bytes.subarray(at, at + cut.size));
    at += cut.size;
  }
  return at === bytes.byteLength ? frames : [...frames, bytes.subarray(at)];
}

/** Looks for one connection that fails alone, and for its shortest conversation; ends when the time is up. */
export async function reproduce(failure: LiveFailure, seconds: number): Promise<string> {
  const until = performance.now() + seconds * 1000;
  const isOver = (): boolean => performance.now() > until;
  for (const sent of failure.connections) {
    if (isOver()) break;
    const conversation = conversationOf(sent, failure.loginFrames);
    if ((await violationOf(conversation)) === undefined) continue;
    const fails = async (frames: readonly Uint8Array[]) =>
      (await violationOf({ ...conversation, frames })) !== undefined;
    const frames = await shrink(conversation.frames, fails, isOver);
    const { generation, role } = conversation;
    const violation = await violationOf({ ...conversation, frames });
    return [
      `alone on a new server, as ${role}, ${frames.length} of ${conversation.frames.length} frames are enough: ${violation?.message ?? 'not every time'}`,
      ...frames.map((frame) => `  ${describeFrame(frame, generation)}`),
      `for seeds.txt: live ${generation} ${role} ${Buffer.concat(frames).toString('hex')}`,
    ].join('\n');
  }
  return 'no connection fails alone on a new server within the time: it takes several, or a moment';
}

/** Without the logins, whose tokens no other server knows. */
function conversationOf({ generation, role, bytes }: SentByOne, logins: readonly Uint8Array[]): Conversation {
  const known = new Set([...logins, hello(generation)].map((frame) => Buffer.from(frame).toString('hex')));
  const frames = cutAll(bytes).filter((frame) => !known.has(Buffer.from(frame).toString('hex')));
  return { generation, role, frames };
}

/** What goes wrong when a known input is sent to a new server; undefined when nothing does. */
export function violationOfKnown({ generation, name, bytes }: KnownInput): Promise<LiveViolation | undefined> {
  return violationOf({ generation, role: name as Role, frames: [bytes] });
}

async function violationOf({ generation, role, frames }: Conversation): Promise<LiveViolation | undefined> {
  const target = await TargetServer.start();
  try {
    const control = await WireClient.open(target.process.address);
    const tokens = await prepare(target.port, control);
    const connection = await LiveConnection.open({
      ...{ port: target.port, generation, limits: frameLimits, count: () => {} },
    });
    connection.send(hello(generation));
    if (role !== 'stranger') connection.send(login(generation, tokens, role));
    await connection.settle(settleMs);
    connection.send(Buffer.concat(frames));
    await connection.settle(settleMs);
    if (connection.unexpected !== undefined)
      throw new LiveViolation(`an unexpected failure answers ${connection.unexpected}`);
    connection.finish();
    await connection.untilClosed(deadlines.loginMs + settleMs);
    await new Canary(control, 0).round();
    target.assertHealthy();
    control.close();
    await target.stop();
    return undefined;
  } catch (error) {
    if (error instanceof LiveViolation) return error;
    throw error;
  } finally {
    await target.remove();
  }
}
