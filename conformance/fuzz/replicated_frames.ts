// What must hold for a whole frame of 0.9, head and all: the protocol reads it or says what is wrong, and whatever it answers is a reply to it.
import type { Command } from '../../generated/commands.ts';
import { IggyError, type StatusName, statusCodes } from '../../generated/errors.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { framingsOf } from '../../src/protocol/framing.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { Frame, Reply } from '../../src/protocol/protocol.ts';
import { FrameReader, isRefusal } from '../../src/server/frame_reader.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { CodecViolation, measured, refused } from './codec_checks.ts';
import { frameFor } from './frames.ts';
import { mutate } from './mutation.ts';
import { IllFormed, notRepeated, replySizeOf, type TakenReply, takeReply } from './replies.ts';
import { sealSend } from './sealing.ts';
import { soundHead, withSpoiledHead } from './spoiled_heads.ts';
import type { Subject } from './subjects.ts';

const protocol = protocols.byName.v0_9;
const framings = framingsOf(['v0_9']);
const statuses = Object.keys(statusCodes) as StatusName[];
const nothing = { count: 0, slices: [] };

/** A frame of some request, its payload and its head spoiled or not. */
export function drawnFrame(subjects: readonly Subject[], random: Seeded): Uint8Array {
  const subject = random.pick(subjects);
  const sample = random.pick(subject.samples);
  let payload = random.chance(0.5) ? sample.bytes : mutate(sample, random.pick(subject.samples), random);
  if (subject.isSealed && random.chance(0.5)) payload = sealSend(payload, random.chance(0.5));
  const frame = frameFor('v0_9', subject.request!.code, payload, soundHead(BigInt(random.below(9)), payload, random));
  return random.chance(0.5) ? frame : withSpoiledHead(frame, random);
}

/** Answers a frame as the server does, with `answers` of each command for what is accepted. @throws CodecViolation */
export function checkReplicatedFrame(
  bytes: Uint8Array,
  answers: ReadonlyMap<string, readonly Uint8Array[]>,
  random: Seeded,
): 'refused' | 'accepted' {
  const frame = cut(bytes);
  const command = protocol.commandOf(frame);
  protocol.clientIdOf(frame);
  protocol.changeNumberOf(frame);
  const status = command === undefined ? 'invalid_command' : refusalOf(command, frame);
  const anyStatus = random.pick(statuses);
  judged(protocol.writeRefusal(anyStatus, 'a text for people', frame), frame, (code) => code !== 0);
  if (status !== undefined) {
    judged(protocol.writeRefusal(status, '', frame), frame, (code) => code !== 0);
    return 'refused';
  }
  const payload = random.pick(answers.get(command!.command) ?? [new Uint8Array(0)]);
  const decoded = command!.decodeResponse(new Reader(payload)) ?? {};
  const isPoll = typeof decoded === 'object' && 'messages' in decoded;
  const response = isPoll ? { ...decoded, messages: nothing } : decoded;
  const taken = judged(protocol.writeReply(command!, response, frame), frame, (code) => code === 0);
  if (!isPoll && !Buffer.from(payload).equals(taken.payload))
    throw new CodecViolation(
      `${command!.command}: the answer is written as ${Buffer.from(taken.payload).toString('hex')}`,
    );
  return 'accepted';
}

function cut(bytes: Uint8Array): Frame {
  const reader = new FrameReader(framings);
  reader.push(bytes);
  const frame = reader.next(() => Number.POSITIVE_INFINITY);
  if (frame === undefined || isRefusal(frame)) throw new CodecViolation('a whole frame is not cut as one');
  return frame;
}

/** Why a request is refused; undefined when it is read. */
function refusalOf(command: Command, frame: Frame): StatusName | undefined {
  let status: StatusName | undefined;
  const read = measured(frame.payload.byteLength, () => {
    try {
      return protocol.readRequest(command, frame);
    } catch (error) {
      if (error instanceof IggyError) status = error.status;
      else if (error instanceof WireError) status = protocol.statusOf(error);
      throw error;
    }
  });
  return read === refused ? status : undefined;
}

function judged(reply: Reply, frame: Frame, isExpected: (code: number) => boolean): TakenReply {
  const bytes = Buffer.concat(reply);
  try {
    const taken = takeReply(bytes, 'replicated');
    if (replySizeOf(bytes, 'replicated') !== bytes.byteLength) throw new IllFormed('a reply has another size');
    const differing = notRepeated(frame.head, bytes);
    if (differing !== undefined) throw new IllFormed(`a reply does not repeat ${differing}`);
    if (!isExpected(taken.code)) throw new IllFormed(`a reply has status ${taken.code}`);
    return taken;
  } catch (error) {
    if (!(error instanceof IllFormed)) throw error;
    throw new CodecViolation(`${error.message}: ${bytes.subarray(0, 400).toString('hex')}`, { cause: error });
  }
}
