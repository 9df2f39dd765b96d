// Whippet's own settings: section `whippet` of a configuration file, `WHIPPET_` + path in the environment.
import { count, duration, flag, oneOf, optional, secret, size, someOf } from './setting.ts';

/** Names of the wire generations that a listener can allow. */
export const generationNames = ['v0_4', 'v0_5', 'v0_6', 'v0_8', 'v0_9'] as const;

export const whippetSettings = {
  /** Generations that connections may turn out to speak. */
  generations: someOf(generationNames),
  /** The generation to assume while a connection has not shown which one it speaks; without it the newest of `generations`. */
  default_generation: optional(oneOf(generationNames, 'v0_8')),
  /** How log lines look; `auto` is `human` on a terminal and `json` elsewhere. */
  log_format: oneOf(['auto', 'human', 'json'], 'auto'),
  /**
   * Acknowledges messages while they are in memory only, as the reference does: whatever ends the process takes those that were not written yet. They
   * are written once a partition holds `system.partition.messages_required_to_save` or `size_of_messages_required_to_save` of them, every
   * `message_saver.interval`, when a client flushes, and at a clean stop.
   */
  buffering: flag(false),
  /**
   * Keys that `system.encryption.key` had before, in base64, separated by commas: what was written with them is read, and everything new is written with
   * the key of today. One can be left out once the doctor says that no file has it.
   */
  previous_encryption_keys: secret(),
  memory: {
    /** Bytes of the newest messages that polls are served from; without it 256 MiB, or an eighth of what the process may use if that is less. */
    limit: optional(size('256 MiB')),
  },
  limits: {
    /** Open connections of one listener. */
    connections_max: count(10_000, 1),
    /** Connections that have not logged in, in all and per remote address; beyond it the oldest is closed. */
    connections_before_login_max: count(2_048, 1),
    connections_before_login_per_address_max: count(1_024, 1),
    /** A request with its 8-byte head: the reference's largest batch (64 MB) with room for its other fields. */
    frame_size_max: size('65048576'),
    /** The same before login. A login takes about 600 bytes. */
    frame_size_max_before_login: size('1 KiB'),
    /** Bytes of pipelined requests held while an earlier one is being answered; beyond it the socket is not read. */
    waiting_size_max: size('1 MiB'),
    /** Bytes of replies that a client has not read; beyond it none of its requests is begun. One reply may come on top. */
    output_size_max: size('8 MiB'),
    output_size_max_before_login: size('16 KiB'),
    /**
     * Time to log in after connecting or logging out; every answer, as to a ping, begins it anew. Official clients ping every 5 s while they wait
     * to log in, so they may log in late; raise it for others that connect early. "none" waits for ever.
     */
    login_deadline: duration('10 s'),
    /** Wrong passwords of one remote host (an IPv6 network of 64 bits is one) that are checked each second; what is above waits. 0 is no limit. */
    failed_logins_per_second: count(10),
    /** How many of them may come in a row before that. */
    failed_logins_burst: count(10, 1),
    /** Time without a byte inside an unfinished request. */
    frame_deadline: duration('30 s'),
    /** Time to read waiting replies, plus one second for each 64 KiB of them. */
    write_deadline: duration('30 s'),
    /** Time that a TLS handshake may take. */
    handshake_deadline: duration('10 s'),
    /** Time for the last reply to leave once a connection is being closed. */
    close_deadline: duration('2 s'),
    /** Time for requests in hand to finish when the server stops. */
    stop_deadline: duration('10 s'),
  },
};
