// What the server knows of a wire generation: one value of `Protocol` each. All that differs between generations and matters above bytes is here.
import type { Command, CommandName, CommandTable } from '../../generated/commands.ts';
import type { StatusName } from '../../generated/errors.ts';
import type { WireError } from '../bytes/wire_error.ts';

export type GenerationName = 'v0_4' | 'v0_5' | 'v0_6' | 'v0_8' | 'v0_9';

/** Generations whose frames begin with 8 bytes. */
export type ClassicName = Exclude<GenerationName, 'v0_9'>;

/** One reply frame in pieces that are written together. */
export type Reply = readonly Uint8Array[];

/** One whole request. Nobody else touches its memory afterwards. */
export interface Frame {
  readonly code: number;
  readonly payload: Uint8Array;
  /** The head as it came, where the reply repeats parts of it; else empty. */
  readonly head: Uint8Array;
}

/** Which change of its session a request is. */
export interface ChangeNumber {
  readonly request: bigint;
  /** Of its body; 0 when the client does not say. */
  readonly checksum: bigint;
}

/** One way to begin a frame. `at` is where the head begins in `bytes`, which hold all of it. */
export interface Framing {
  readonly headSize: number;
  /** Whether replies repeat parts of the head, so that it has to be kept. */
  readonly isHeadKept: boolean;
  /** Whether a frame can begin with the four bytes from `at` on. */
  begins(bytes: Uint8Array, at: number): boolean;
  /** Bytes behind the head; below 0 when the head claims less than itself. */
  payloadSize(bytes: Uint8Array, at: number): number;
  /** The command; 0 when the head names none. */
  code(bytes: Uint8Array, at: number): number;
}

/** What is wrong with a request: bytes that cannot be read, or a value that is not allowed. */
export type RequestFault = 'bytes' | 'value';

/** Meanings that no layout shows. */
export interface GenerationRules {
  /** Failures for which the six single gets answer "nothing there": a missing login is one of `every`, not of `refusals`. */
  readonly singleGetsHide: 'every' | 'refusals' | 'none';
  /** Lists below a missing stream or topic are empty instead of refused. */
  readonly missingParentListsNothing: boolean;
  /** A consumer group cannot be asked for where there is no such topic, be it alone or in a list. */
  readonly groupsNeedTheirTopic: boolean;
  /** The offset of a partition that is not there is refused, instead of there being none. */
  readonly offsetsNeedTheirPartition: boolean;
  /** Getting an offset that was never stored answers 0 instead of nothing. */
  readonly neverStoredOffsetIsZero: boolean;
  /** Deleting more partitions than there are deletes all of them instead of being refused. */
  readonly overDeletingPartitionsDeletesAll: boolean;
  /** A resource name that is not found has a status of its own. */
  readonly missingNamesHaveOwnStatus: boolean;
  /** Names are lower-cased and their white space becomes dots. */
  readonly namesAreNormalized: boolean;
  /** A partition without messages has no offset that could be stored, not even 0. */
  readonly emptyPartitionsTakeNoOffset: boolean;
  /** Members of a group are shown by their client ids instead of numbers of their own. */
  readonly membersAreShownByClientId: boolean;
  /** A member gets nothing from a partition of its group that is not its own. */
  readonly membersPollOnlyTheirOwn: boolean;
  /** Offsets of a member that has polled nothing yet and names no partition are those of its first one. */
  readonly membersBeginAtTheirFirst: boolean;
  /** One who is no member may poll and keep offsets for a group, if the partition is named. */
  readonly strangersMayNamePartitions: boolean;
  /** Leaving a group without being in it succeeds. */
  readonly strangersMayLeaveGroups: boolean;
  /** Whoever is no member, or no longer the owner, polls nothing from a partition and learns only that it belongs to somebody else. */
  readonly strangersPollNothing: boolean;
  /** A logout succeeds without a login, and ends what the login began: the membership in groups too. */
  readonly logoutEndsEverything: boolean;
  /** Settings of a topic come as options; what an update does not name stays as it is. */
  readonly settingsAreOptions: boolean;
  /** Bytes that sizes count for each message besides its payload and headers. */
  readonly messageOverhead: number;
  /** Whether a request without a login is refused for that before its values are checked. */
  loginComesFirst(command: CommandName, fault: RequestFault): boolean;
}

export interface Protocol {
  readonly name: GenerationName;
  /** What ids on the wire are above catalog ids. */
  readonly idBase: 0 | 1;
  /** The partition id, as catalogs count, of an answer about no partition. */
  readonly noPartitionId: number;
  readonly commands: CommandTable;
  readonly rules: GenerationRules;

  /** What a frame asks for; undefined when this generation has no such command. */
  commandOf(frame: Frame): Command | undefined;
  /** The id that the client gave itself, where it does. */
  clientIdOf(frame: Frame): bigint | undefined;
  /** The number of a change that its client may repeat; undefined for what is not numbered. */
  changeNumberOf(frame: Frame): ChangeNumber | undefined;
  /**
   * Decodes a request; message regions become a `MessageBatch`.
   * @throws WireError for malformed bytes, IggyError for messages that the generation refuses.
   */
  readRequest(command: Command, frame: Frame): unknown;
  /** Encodes an answer to a frame; stored messages become the generation's layout. */
  writeReply(command: Command, response: unknown, frame: Frame): Reply;
  /** Encodes a refusal of a frame. `text` is for people; not every form carries it. */
  writeRefusal(status: StatusName, text: string, frame: Frame): Reply;
  /** The status of malformed bytes. */
  statusOf(error: WireError): StatusName;
  /** The partition (catalog id) of a key's xxHash32 in a topic of `count` partitions. */
  keyedPartition(hash: number, count: number): number;
}

/** Learns the generation of one connection from what it sends. */
export interface ProtocolChoice {
  /** Takes a frame as evidence and gives the protocol to read and answer it with. */
  observe(frame: Frame): Protocol;
  /** Notes that the frame observed last was refused. */
  refused(): void;
  /** Whether the client turned out to leave the text of an earlier refusal unread: it takes that for the next reply, and nothing can be said to it. */
  readonly isOutOfStep: boolean;
  /** What is still possible, oldest first. */
  readonly candidates: readonly GenerationName[];
  /** What was concluded last, and why; for people. */
  readonly reason: string;
}
