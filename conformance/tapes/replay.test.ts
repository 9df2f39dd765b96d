// Whippet answers as the official servers did when the tapes were recorded, and a tape that was changed anywhere does not pass.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encode } from '../codec.ts';
import { commandTables, type Generation } from '../differential/step.ts';
import { fromHex, toHex, toJson } from '../values.ts';
import { faultsOf } from './faults.ts';
import { codecOf, decodeReply } from './payloads.ts';
import { type Divergence, Replay } from './replay.ts';
import { describeDivergence } from './report.ts';
import { isExchange, readTape, type Tape, type TapeExchange } from './tape.ts';

const { WHIPPET_GENERATION: onlyGeneration, WHIPPET_COMMAND: onlyCommand } = process.env;

/** Of every hundred answers, those behind a kept difference are few: else the tape would show little. */
const reachedMin = 0.9;

const tapes = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => ({ file, tape: readTape(join(import.meta.dirname, file)) }));

test('there is a tape of every generation but the latest', () => {
  const recorded = Object.keys(commandTables).filter((generation) => generation !== 'v0_9');
  assert.deepEqual(tapes.map(({ tape }) => tape.header.generation).sort(), recorded.sort());
});

test('the tapes stay small enough to be read', () => {
  const sizes = tapes.map(({ file }) => statSync(join(import.meta.dirname, file)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size) < 1_500_000, `${sizes}`);
});

// They mostly wait for the disk, so they are played at once.
describe('tapes', { concurrency: true }, () => {
  for (const { file, tape } of tapes) {
    const { generation, server } = tape.header;
    const isOther = onlyGeneration !== undefined && onlyGeneration !== generation;
    const skip = isOther || onlyCommand !== undefined ? 'SKIP: narrowed to something else' : false;

    test(`of ${server}: bytes and decoded forms agree, every command has a successful answer`, { skip }, () => {
      assert.deepEqual(faultsOf(tape), []);
    });

    test(`of ${server}: Whippet answers the same, but for what is kept on purpose`, { skip }, async (t) => {
      const { compared, unreached, met, divergences } = await new Replay(generation).play(tape);
      const kept = [...met].map(([id, count]) => `${id} ${count}`).join(', ');
      t.diagnostic(`${file}: ${compared} answers compared, ${unreached} not reached; kept differences: ${kept}`);
      assert.deepEqual(
        divergences.map((divergence) => describeDivergence(file, divergence)),
        [],
      );
      assert.ok(compared / (compared + unreached) > reachedMin, `${unreached} answers were not reached`);
    });
  }
});

describe('a tape that was changed', {
  skip: onlyGeneration !== undefined && 'SKIP: narrowed to one generation',
}, () => {
  const { tape } = tapes.find(({ tape }) => tape.header.generation === 'v0_8')!;
  const title = 'streams are created, read, renamed and deleted';
  const steps = tape.scenarios.find((scenario) => scenario.title === title)!.steps;
  const place = steps.findIndex((step) => isExchange(step) && step.command === 'get_stream' && step.status === 0);
  const original = steps[place] as TapeExchange;

  /** The tape of this scenario alone, with other values in one step. */
  function changed(values: Partial<TapeExchange>): Tape {
    const scenario = tape.scenarios.find((one) => one.title === title)!;
    const altered = scenario.steps.map((step, index) => (index === place ? { ...original, ...values } : step));
    return { ...tape, scenarios: [{ ...scenario, steps: altered }] };
  }

  async function divergencesOf(altered: Tape): Promise<Divergence[]> {
    return (await new Replay(altered.header.generation).play(altered)).divergences;
  }

  test('as it is, that scenario passes', async () => {
    assert.deepEqual(await divergencesOf(changed({})), []);
  });

  test('a byte of a reply: the decoded form tells, and so does the replay', async () => {
    const replyBytes = original.replyBytes!.replace(toHex(Buffer.from('shop')), toHex(Buffer.from('shap')));
    assert.notEqual(replyBytes, original.replyBytes);
    const altered = changed({ replyBytes });
    assert.ok(faultsOf(altered).some((fault) => isAbout(fault) && /decodes to another value/.test(fault)));
    assertNamed(await divergencesOf(altered), /value\.stream\.name: reference "shap", whippet "shop"/);
  });

  test('a field of a reply, with bytes that fit: the replay names the step and the field', async () => {
    const { value, bytes } = withTopics(tape.header.generation, 7);
    const altered = changed({ reply: toJson(value), replyBytes: toHex(bytes) });
    assert.ok(!faultsOf(altered).some(isAbout));
    assertNamed(await divergencesOf(altered), /value\.stream\.topicsCount: reference 7, whippet 0/);
  });

  test('a status: the replay names the step', async () => {
    const { reply: _reply, replyBytes: _replyBytes, ...refused } = { ...original, status: 1009 };
    const scenario = tape.scenarios.find((one) => one.title === title)!;
    const altered = scenario.steps.map((step, index) => (index === place ? refused : step));
    const divergences = await divergencesOf({ ...tape, scenarios: [{ ...scenario, steps: altered }] });
    assertNamed(divergences, /kind: reference "refused", whippet "answered"/);
  });

  test('a byte of a request, or its decoded form: they do not agree any more', () => {
    const requestBytes = original.requestBytes.replace(/..$/, '71');
    for (const altered of [changed({ requestBytes }), changed({ request: { streamId: { kind: 1, id: 1 } } })])
      assert.ok(faultsOf(altered).some((fault) => isAbout(fault) && /request decodes to another value/.test(fault)));
  });

  test('a token that is not masked', () => {
    const scenarios = tape.scenarios.map((scenario) => ({
      ...scenario,
      steps: scenario.steps.map((step) => {
        if (!isExchange(step) || step.command !== 'create_personal_access_token' || step.status !== 0) return step;
        const { token } = step.reply as { token: string };
        const real = 'r'.repeat(token.length);
        const replyBytes = step.replyBytes!.replace(toHex(Buffer.from(token)), toHex(Buffer.from(real)));
        return { ...step, reply: { token: real }, replyBytes };
      }),
    }));
    const faults = faultsOf({ ...tape, scenarios });
    assert.ok(faults.length > 0);
    for (const fault of faults) assert.match(fault, /create_personal_access_token.*the token is a real one/);
  });

  test('without its only answers to a command: the command is missed', () => {
    assert.ok(faultsOf(changed({})).includes('no step has a successful answer to get_snapshot'));
  });

  function withTopics(generation: Generation, topicsCount: number): { value: unknown; bytes: Uint8Array } {
    const payload = fromHex(original.replyBytes!);
    const reply = decodeReply(generation, 'get_stream', { status: 0, payload })!;
    const value = { ...reply, stream: { ...(reply.stream as object), topicsCount } };
    return { value, bytes: encode(codecOf(generation, 'get_stream_response')!, value) };
  }

  function isAbout(fault: string): boolean {
    return fault.includes(`“${title}”, step ${place + 1}: get_stream`);
  }

  function assertNamed(divergences: readonly Divergence[], difference: RegExp): void {
    assert.equal(divergences.length, 1);
    const text = describeDivergence('changed', divergences[0]!);
    assert.ok(isAbout(text), text);
    assert.match(text, difference);
  }
});
