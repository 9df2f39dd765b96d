// That the judge of replies judges those of generation 0.9: what a reply must repeat, result sections, evictions, changes sent twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusCodes } from '../../generated/errors.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { Answers, LiveViolation } from './answers.ts';
import { requestFrame } from './fixture.ts';
import { byCode, frameFor, headOf, headSizes } from './frames.ts';
import { sealSend } from './sealing.ts';
import { subjectsOf } from './subjects.ts';
import { frameLimits } from './target_server.ts';

const ping = requestFrame('v0_9', 'ping', {});
const deletion = frameFor('v0_9', 203, Buffer.from([1, 4, 9, 0, 0, 0]));
const deleteStream = 130;
const success = Buffer.alloc(4);

function asked(...frames: readonly Uint8Array[]): Answers {
  const answers = new Answers('v0_9', frameLimits, () => {});
  for (const frame of frames) answers.sending(frame);
  return answers;
}

/** A reply to a frame of the client above; `change` may spoil its head. */
function reply(operation: number, body: Uint8Array, change: (head: ReplyHeaderView) => void = () => {}): Buffer {
  const head = Buffer.alloc(headSizes.replicated);
  const view = new ReplyHeaderView().wrap(new DataView(head.buffer, head.byteOffset, head.byteLength), 0);
  view.frameSize = head.byteLength + body.byteLength;
  view.command = 8;
  view.clientId = 7n;
  view.request = 1n;
  view.operation = operation;
  change(view);
  return Buffer.concat([head, body]);
}

function eviction(reason: number): Buffer {
  const head = Buffer.alloc(headSizes.replicated);
  head.writeUInt32LE(head.byteLength, 48);
  head.writeUInt8(13, 60);
  head.writeUInt8(7, 128);
  head.writeUInt8(reason, 255);
  return head;
}

function refusal(status: number): Buffer {
  const section = Buffer.alloc(12);
  section.writeUInt32LE(1, 0);
  section.writeUInt32LE(status, 8);
  return section;
}

const violation = (pattern: RegExp) => (error: unknown) =>
  error instanceof LiveViolation && pattern.test(error.message);

test('takes replies in pieces of any size, with results where there are some', () => {
  const answers = asked(ping, deletion, deletion, deletion);
  const bytes = Buffer.concat([
    reply(byCode, Buffer.alloc(0)),
    reply(deleteStream, success),
    reply(deleteStream, refusal(statusCodes.stream_id_not_found)),
    eviction(1),
  ]);
  for (let at = 0; at < bytes.byteLength; at += 100) answers.received(bytes.subarray(at, at + 100));
  assert.equal(answers.expectation, 'nothing');
});

test('takes no reply to another request, unless it was given before', () => {
  for (const field of ['request', 'clientId', 'requestChecksum', 'timestamp', 'cluster'] as const) {
    const other = reply(byCode, Buffer.alloc(0), (head) => {
      head[field] = 5n;
    });
    assert.throws(() => asked(ping).received(other), violation(new RegExp(`does not repeat its ${field}`)));
  }
  const purge = frameFor('v0_9', 205, Buffer.from([1, 4, 9, 0, 0, 0]));
  const answers = asked(deletion, purge);
  answers.received(reply(deleteStream, success));
  answers.received(reply(deleteStream, success));
  assert.throws(() => asked(purge).received(reply(deleteStream, success)), violation(/does not repeat its operation/));
});

test('takes no reply that its client could not read', () => {
  assert.throws(() => asked(deletion).received(reply(deleteStream, Buffer.alloc(2))), violation(/result section/));
  assert.throws(() => asked(deletion).received(eviction(77)), violation(/reason 77/));
  assert.throws(() => asked(deletion).received(eviction(14)), violation(/versions 0 to 0/));
  const withBody = reply(byCode, Buffer.alloc(1), (head) => {
    head.status = 3;
  });
  assert.throws(() => asked(ping).received(withBody), violation(/1 bytes behind/));
});

test('wants an end without an answer for what begins like no frame, and an answer to a head that claims too little', () => {
  const misbegun = headOf('v0_9', 1, headSizes.replicated);
  misbegun[1] = 1;
  const answers = asked(ping, misbegun);
  answers.received(reply(byCode, Buffer.alloc(0)));
  assert.equal(answers.expectation, 'end');
  answers.ended('none');
  assert.throws(() => asked(headOf('v0_9', 1, 255)).ended('none'), violation(/without a reply to what is too_short/));
});

test('a batch that was spoiled and sealed again is read again', () => {
  const [subject] = subjectsOf(['v0_9'], 1).filter(({ name }) => name === 'send_messages');
  const { protocol, command, code } = subject!.request!;
  const read = (payload: Uint8Array): unknown => {
    const head = frameFor('v0_9', code, payload).subarray(0, headSizes.replicated);
    return protocol.readRequest(command, { code, payload, head });
  };
  for (const { bytes } of subject!.samples) {
    const spoiled = bytes.slice();
    const last = spoiled.byteLength - 1;
    spoiled[last] = spoiled[last]! ^ 1;
    assert.doesNotThrow(() => read(bytes));
    assert.throws(() => read(spoiled), { name: 'IggyError' });
    assert.doesNotThrow(() => read(sealSend(spoiled, false)));
  }
});
