// Which generation a connection speaks, learned by narrowing: a set of candidates that each frame may shrink and nothing widens.
// Facts: the length arithmetic and login strings of the official clients (spec docs of the commands named in `evidence`).
import { evidenceOf } from './evidence.ts';
import type { Frame, GenerationName, Protocol, ProtocolChoice } from './protocol.ts';

/** The protocols a listener can speak. */
export interface ProtocolSet {
  readonly byName: Readonly<Record<GenerationName, Protocol>>;
  /** v0_4 for SDKs from 0.6.60 on, which expect no text behind an error's status. */
  readonly v04WithoutErrorText: Protocol;
}

/** What hosts proved before, shared by all connections of a server. Bounded: the oldest host is forgotten. */
export class ProvenGenerations {
  readonly #byHost = new Map<string, GenerationName>();
  readonly #hostsMax = 1024;

  get(host: string): GenerationName | undefined {
    return this.#byHost.get(host);
  }

  set(host: string, name: GenerationName): void {
    this.#byHost.delete(host);
    this.#byHost.set(host, name);
    if (this.#byHost.size > this.#hostsMax) this.#byHost.delete(this.#byHost.keys().next().value!);
  }
}

export interface NarrowingOptions {
  /** What the listener allows, oldest first; at least one. */
  readonly allowed: readonly GenerationName[];
  /** What decides when nothing else does. */
  readonly preferred: GenerationName;
  readonly remoteHost: string;
}

const loginUserCode = 38;
const loginWithTokenCode = 44;
const pingCode = 1;
const clusterMetadataCode = 12;

/** Narrows the generation of one connection. */
export class Narrowing implements ProtocolChoice {
  readonly #protocols: ProtocolSet;
  readonly #proven: ProvenGenerations;
  readonly #options: NarrowingOptions;
  #candidates: readonly GenerationName[];
  #reason = 'nothing seen yet';
  #isFirst = true;
  #isLikeRust = false;
  #loginSeen = false;
  #errorsHaveText = true;
  #errorTextSent = false;
  #previousCode: number | undefined;
  #emptyLogin = false;
  /** Who the last login was unless it asks for cluster metadata right behind, and who it is now that it did not. */
  #unlessItAsks: GenerationName | undefined;
  #didNotAsk: GenerationName | undefined;

  constructor(protocols: ProtocolSet, proven: ProvenGenerations, options: NarrowingOptions) {
    this.#protocols = protocols;
    this.#proven = proven;
    this.#options = options;
    this.#candidates = options.allowed;
  }

  get candidates(): readonly GenerationName[] {
    return this.#candidates;
  }

  get reason(): string {
    return this.#reason;
  }

  refused(): void {
    if (this.#protocol() === this.#protocols.byName.v0_4) this.#errorTextSent = true;
  }

  get isOutOfStep(): boolean {
    return this.#errorTextSent && this.#protocol() !== this.#protocols.byName.v0_4;
  }

  observe({ code, payload, head }: Frame): Protocol {
    if (this.#isFirst) this.#beginWith(head);
    if (head.byteLength > 0) return this.#protocols.byName.v0_9;
    if (this.#candidates.length > 1 || !this.#loginSeen) this.#weigh(code, payload);
    this.#previousCode = code;
    return this.#protocol();
  }

  /** The framing divides the generations in two before anything else is looked at. */
  #beginWith(head: Uint8Array): void {
    this.#isFirst = false;
    const isReplicated = head.byteLength > 0;
    const possible = this.#candidates.filter((name) => (name === 'v0_9') === isReplicated);
    // What begins like nothing that is allowed has no head either, and proves nothing.
    if (possible.length > 0) this.#candidates = possible;
    if (isReplicated) this.#reason = 'its frames begin with 256-byte headers';
  }

  #weigh(code: number, payload: Uint8Array): void {
    const isLogin = code === loginUserCode || code === loginWithTokenCode;
    if (code === pingCode ? !this.#loginSeen || this.#previousCode === loginUserCode : !this.#loginSeen && !isLogin)
      this.#isLikeRust = true;
    const evidence = evidenceOf(code, payload);
    // Go 0.7.0; its pings, which run beside, may come between.
    const isGo = this.#emptyLogin && code === clusterMetadataCode;
    const possible = isGo ? (['v0_8'] as const) : evidence?.possible;
    if (this.#previousCode === loginUserCode)
      this.#didNotAsk = code === clusterMetadataCode ? undefined : this.#unlessItAsks;
    if (isLogin) {
      this.#loginSeen = true;
      if (evidence?.errorsHaveText !== undefined) this.#errorsHaveText = evidence.errorsHaveText;
      this.#emptyLogin = code === loginUserCode && evidence === undefined;
      this.#unlessItAsks = evidence?.unlessItAsks;
    }
    if (possible === undefined) return;
    const narrowed = this.#candidates.filter((name) => possible.some((candidate) => candidate === name));
    if (narrowed.length === 0 || narrowed.length === this.#candidates.length) return;
    this.#candidates = narrowed;
    this.#reason = evidence?.reason ?? 'cluster metadata after a login without a version';
    if (narrowed.length === 1) this.#proven.set(this.#options.remoteHost, narrowed[0]!);
  }

  #protocol(): Protocol {
    const name = this.#preferred();
    return name === 'v0_4' && !this.#errorsHaveText
      ? this.#protocols.v04WithoutErrorText
      : this.#protocols.byName[name];
  }

  /** One of the candidates. Before a login the oldest: its clients break without the text behind an error's status. */
  #preferred(): GenerationName {
    const candidates = this.#candidates;
    if (candidates.length === 1 || !this.#loginSeen) return candidates[0]!;
    // Rust 0.8.0 and Python 0.6.0 ping while they connect: that ping and the login race, so it comes right before or right behind. After a
    // lost connection they connect again by themselves and repeat their last request before anybody logs in.
    // Go 0.8.0 asks for cluster metadata right behind its login. All three log in as "0.8.0". Rust's plain connection does neither.
    if (this.#isLikeRust && candidates[0] === 'v0_6') return 'v0_6';
    if (this.#didNotAsk !== undefined && candidates.includes(this.#didNotAsk)) return this.#didNotAsk;
    const proven = this.#proven.get(this.#options.remoteHost);
    if (proven !== undefined && candidates.includes(proven) && candidates[0] !== 'v0_6') return proven;
    return candidates.includes(this.#options.preferred) ? this.#options.preferred : candidates.at(-1)!;
  }
}
