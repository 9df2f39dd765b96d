// The fuzzer as CI runs it: half a minute of codecs, a minute of live connections, with a drawn seed that is printed; and that its judges judge.
// `WHIPPET_FUZZ_SECONDS` makes the live run longer, `WHIPPET_FUZZ_SEED` repeats one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { statusCodes } from '../../generated/errors.ts';
import { generationNames } from '../../src/protocol/index.ts';
import { Seeded } from '../../test/simulation/seeded.ts';
import { Answers, LiveViolation } from './answers.ts';
import { fuzzCodecs } from './codec_fuzz.ts';
import { hello, requestFrame } from './fixture.ts';
import { frameOf } from './frames.ts';
import { knownInputs } from './known_inputs.ts';
import { fuzzLive } from './live_session.ts';
import { codecText, liveText } from './main.ts';
import { mutate } from './mutation.ts';
import { violationOfKnown } from './reproduction.ts';
import { shrink } from './shrink.ts';
import { subjectsOf } from './subjects.ts';
import { frameLimits, type VitalSigns } from './target_server.ts';
import { checkGrowth } from './vital_signs.ts';

const seed = Number(process.env.WHIPPET_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const codecSeconds = 20;
const liveSeconds = Number(process.env.WHIPPET_FUZZ_SECONDS ?? 60);
/** Only a run that looked at something counts; machines are slow at times. */
const inputsMin = 50_000;
const framesPerHourMin = 5_000_000;

const skip = process.env.WHIPPET_GENERATION !== undefined ? 'SKIP: narrowed to one generation' : false;

describe('the fuzzer', { skip }, () => {
  test(`finds nothing in the codecs, seed ${seed}`, async (t) => {
    const report = await fuzzCodecs({ seed, seconds: codecSeconds, generations: generationNames });
    t.diagnostic(codecText(report));
    assert.equal(report.failure, undefined, codecText(report));
    assert.ok(report.inputs > inputsMin, `${report.inputs} inputs are too few`);
    for (const outcome of ['refused', 'read', 'accepted', 'streams']) assert.ok((report.outcomes[outcome] ?? 0) > 0);
  });

  test(`finds nothing on live connections, seed ${seed}`, { timeout: (liveSeconds + 300) * 1000 }, async (t) => {
    const report = await fuzzLive({ seed, seconds: liveSeconds, generations: generationNames, reproduceSeconds: 60 });
    t.diagnostic(liveText(report));
    assert.equal(report.failure, undefined, liveText(report));
    assert.ok(report.perHour > framesPerHourMin, `${report.perHour} frames an hour are too few`);
    assert.ok(report.healthyClient.messages > 0);
  });
});

describe('spoiled payloads', () => {
  const [subject] = subjectsOf(['v0_8'], 1).filter(({ name }) => name === 'poll_messages');
  const samples = subject!.samples;

  test('are the same for the same seed, and mostly others for another', () => {
    const drawn = (from: number): string[] =>
      Array.from({ length: 200 }, (_, index) => {
        const random = new Seeded(from + index);
        return Buffer.from(mutate(random.pick(samples), random.pick(samples), random)).toString('hex');
      });
    assert.deepEqual(drawn(5), drawn(5));
    const others = new Set(drawn(1_000_000));
    assert.ok(drawn(5).filter((bytes) => others.has(bytes)).length < 20);
  });

  test('leave the sample as it is', () => {
    const before = samples.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    for (let index = 0; index < 2000; index++) {
      const random = new Seeded(index);
      mutate(random.pick(samples), random.pick(samples), random);
    }
    assert.deepEqual(
      samples.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      before,
    );
  });

  test('know where the fields of a payload are', () => {
    const { bytes, fields } = samples[0]!;
    assert.deepEqual(fields.at(-1), { at: bytes.byteLength - 1, size: 1, isNumber: true }, 'auto commit');
    assert.deepEqual(fields.at(-2), { at: bytes.byteLength - 5, size: 4, isNumber: true }, 'count');
  });
});

describe('the judge of replies', () => {
  const ping = frameOf(1, new Uint8Array(0));
  const reply = (status: number, payload: Uint8Array = new Uint8Array(0)): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(status, 0);
    head.writeUInt32LE(payload.byteLength, 4);
    return Buffer.concat([head, payload]);
  };
  const asked = (...frames: readonly Uint8Array[]): Answers => {
    const answers = new Answers('v0_8', frameLimits, () => {});
    for (const frame of frames) answers.sending(frame);
    return answers;
  };
  const violation = (pattern: RegExp) => (error: unknown) =>
    error instanceof LiveViolation && pattern.test(error.message);

  test('takes one reply to each frame, in pieces of any size', () => {
    const answers = asked(ping, hello('v0_8'), ping);
    const bytes = Buffer.concat([reply(0), reply(statusCodes.invalid_username), reply(0)]);
    for (const byte of bytes) answers.received(Buffer.of(byte));
    assert.equal(answers.expectation, 'nothing');
  });

  test('misses a reply', () => {
    const answers = asked(ping, ping);
    answers.received(reply(0));
    assert.equal(answers.expectation, 'reply');
    assert.throws(() => answers.ended('none'), violation(/without a reply to 1 ping/));
    assert.throws(() => answers.ended('finished'), violation(/without a reply/));
    answers.ended('late');
  });

  test('takes no reply that nobody asked for', () => {
    const answers = asked(ping);
    answers.received(reply(0));
    assert.throws(() => answers.received(reply(0)), violation(/nobody asked for/));
  });

  test('takes no end without a reason, nor one inside a reply', () => {
    assert.throws(() => asked().ended('none'), violation(/for no reason/));
    const answers = asked(ping);
    answers.received(reply(0).subarray(0, 5));
    assert.throws(() => answers.ended('finished'), violation(/inside a reply/));
  });

  test('wants a refusal and an end for a frame that is none', () => {
    const answers = asked(Buffer.from([3, 0, 0, 0]));
    assert.equal(answers.expectation, 'reply');
    answers.received(reply(statusCodes.invalid_command));
    assert.equal(answers.expectation, 'end');
    answers.ended('none');
    assert.throws(() => asked(Buffer.from([1, 0, 0, 0])).received(reply(0)), violation(/too_short/));
  });

  test('knows how large a frame may be before and after a login', () => {
    const large = frameOf(101, new Uint8Array(2000));
    assert.throws(() => asked(large).received(reply(statusCodes.unauthenticated)), violation(/too_long/));
    const login = requestFrame('v0_8', 'login_with_personal_access_token', { token: 'secret' });
    const answers = asked(login, large);
    answers.received(reply(0, Buffer.alloc(4)));
    answers.received(reply(statusCodes.invalid_command));
    assert.equal(answers.expectation, 'nothing');
  });

  test('reads what is answered', () => {
    assert.throws(() => asked(ping).received(reply(0, Buffer.alloc(1))), violation(/1 bytes too many/));
    const getMe = frameOf(20, new Uint8Array(0));
    assert.throws(() => asked(getMe).received(reply(0, Buffer.alloc(3))), violation(/cannot be read/));
    assert.throws(() => asked(ping).received(reply(999_999)), violation(/not known/));
    assert.throws(
      () => asked(ping).received(reply(statusCodes.invalid_command, Buffer.from('at file.ts:1:2'))),
      violation(/a payload/),
    );
  });
});

describe('inputs that failed once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whippet-fuzz-'));
  const path = join(folder, 'seeds.txt');
  after(() => rmSync(folder, { recursive: true }));

  test('are read from lines, and a line that is none is told', () => {
    writeFileSync(path, '# a comment\ncodec v0_8 ping 00ff # what it found\nlive v0_4 root 0400000001000000\n');
    assert.deepEqual(
      knownInputs(path).map(({ target, generation, name, bytes }) => [target, generation, name, bytes.byteLength]),
      [
        ['codec', 'v0_8', 'ping', 2],
        ['live', 'v0_4', 'root', 8],
      ],
    );
    writeFileSync(path, 'codec v0_8 ping 0\n');
    assert.throws(() => knownInputs(path), /not a known input: codec v0_8 ping 0/);
  });

  test('are sent to a new server as whoever they name', { skip }, async () => {
    const bytes = Buffer.concat([frameOf(1, new Uint8Array(0)), frameOf(41, new Uint8Array(0)), Buffer.of(1)]);
    for (const name of ['root', 'stranger'])
      assert.equal(await violationOfKnown({ target: 'live', generation: 'v0_6', name, bytes }), undefined);
    const newest = Buffer.concat([
      requestFrame('v0_9', 'ping', {}),
      requestFrame('v0_9', 'get_streams', {}),
      Buffer.alloc(1),
    ]);
    assert.equal(
      await violationOfKnown({ target: 'live', generation: 'v0_9', name: 'root', bytes: newest }),
      undefined,
    );
  });
});

describe('what is made of a run', () => {
  test('a failing list is made as short as it can be', async () => {
    const items = Array.from({ length: 300 }, (_, index) => index);
    const fails = (some: readonly number[]): boolean => some.includes(17) && some.includes(203);
    assert.deepEqual(await shrink(items, fails, () => false), [17, 203]);
  });

  test('memory that grows is told from memory that settles', () => {
    const samples = (sizeAt: (share: number) => number): VitalSigns[] =>
      Array.from({ length: 240 }, (_, index) => ({ residentBytes: sizeAt(index / 240), files: 1, sockets: 1 }));
    checkGrowth(samples((share) => (share < 0.3 ? 100 : 180) * 2 ** 20));
    assert.throws(() => checkGrowth(samples((share) => (100 + 200 * share) * 2 ** 20)), LiveViolation);
  });
});
