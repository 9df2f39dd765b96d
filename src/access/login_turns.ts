// Whose password is checked next. One check takes tens of milliseconds of the one thread there is, so turns go round: first between remote hosts, then
// between the names that are tried from each. A host that fails too often waits; nobody is ever locked out, because a name alone counts for nothing.
import { IggyError } from '../../generated/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';

/** How often a host may be wrong, and how many may wait. `config.whippet.limits` has this shape. */
export interface LoginTurnLimits {
  /** 0 is as often as it can. */
  readonly failedLoginsPerSecond: number;
  /** How many in a row at first. */
  readonly failedLoginsBurst: number;
  /** As many checks may wait as there may be connections without a login: where all clients of a host connect again at once, all get their turn. */
  readonly connectionsBeforeLoginMax: number;
  readonly connectionsBeforeLoginPerAddressMax: number;
}

/** Hosts whose failures are remembered; beyond it those longest ago are forgotten. */
const failedHostsMax = 4096;

/** Does its work when its turn comes. Never rejects. */
type Waiting = () => Promise<void>;

/** What waits of one host, by name, in the order of whose turn is next. */
class HostQueue {
  readonly #byName = new Map<string, Waiting[]>();
  size = 0;

  add(name: string, waiting: Waiting): void {
    const ofName = this.#byName.get(name) ?? [];
    ofName.push(waiting);
    this.#byName.set(name, ofName);
    this.size++;
  }

  /** Takes the next one out of a queue that is not empty; its name goes to the end. */
  take(): Waiting {
    const [name, ofName] = this.#byName.entries().next().value!;
    this.#byName.delete(name);
    const next = ofName.shift()!;
    if (ofName.length > 0) this.#byName.set(name, ofName);
    this.size--;
    return next;
  }
}

export class LoginTurns {
  readonly #limits: LoginTurnLimits;
  readonly #burstMs: number;
  readonly #failureMs: number;
  readonly #clock: Clock;
  readonly #timers: Timers;
  /** What waits, by host, in the order of whose turn is next. No queue is empty. */
  readonly #queues = new Map<string, HostQueue>();
  #waiting = 0;
  /** By host, when all its failures will be paid off. */
  readonly #paidOffAtMs = new Map<string, number>();
  #isBusy = false;
  #endTimer: (() => void) | undefined;

  constructor(limits: LoginTurnLimits, clock: Clock, timers: Timers) {
    const { failedLoginsPerSecond, failedLoginsBurst } = limits;
    this.#limits = limits;
    this.#failureMs = failedLoginsPerSecond === 0 ? 0 : 1000 / failedLoginsPerSecond;
    this.#burstMs = this.#failureMs * (failedLoginsBurst - 1);
    this.#clock = clock;
    this.#timers = timers;
  }

  /**
   * Does work about a password of `name`, asked for from `address`, alone and in turn. Work that throws `invalid_credentials` is a failure of the host.
   * @throws IggyError `disconnected` when too much waits; what the work throws.
   */
  take<Result>(address: string, name: string, work: () => Promise<Result>): Promise<Result> {
    const host = hostOf(address);
    const queue = this.#queues.get(host) ?? new HostQueue();
    const { connectionsBeforeLoginMax: waitingMax, connectionsBeforeLoginPerAddressMax: perHostMax } = this.#limits;
    if (this.#waiting >= waitingMax || queue.size >= perHostMax)
      throw new IggyError('disconnected', 'too many logins at once; try again later');
    this.#queues.set(host, queue);
    this.#waiting++;
    return new Promise((resolve, reject) => {
      queue.add(name, () =>
        work().then(resolve, (error: unknown) => {
          if (error instanceof IggyError && error.status === 'invalid_credentials') this.#failed(host);
          reject(error);
        }),
      );
      this.#serve();
    });
  }

  /** Begins what is next, unless something is being done or nobody's turn has come. */
  #serve(): void {
    if (this.#isBusy) return;
    const next = this.#next();
    if (next === undefined) return;
    this.#isBusy = true;
    void next().then(() => {
      this.#isBusy = false;
      this.#serve();
    });
  }

  /** Takes the next one out; its host goes to the end. */
  #next(): Waiting | undefined {
    const now = this.#clock.monotonicMs();
    let waitMs = Number.POSITIVE_INFINITY;
    for (const [host, queue] of this.#queues) {
      const hostWaitMs = (this.#paidOffAtMs.get(host) ?? 0) - this.#burstMs - now;
      waitMs = Math.min(waitMs, hostWaitMs);
      if (hostWaitMs > 0) continue;
      this.#waiting--;
      const next = queue.take();
      this.#queues.delete(host);
      if (queue.size > 0) this.#queues.set(host, queue);
      return next;
    }
    if (waitMs < Number.POSITIVE_INFINITY) this.#serveLater(Math.ceil(waitMs));
    return undefined;
  }

  #serveLater(waitMs: number): void {
    this.#endTimer?.();
    this.#endTimer = this.#timers.every(waitMs, () => {
      this.#endTimer?.();
      this.#endTimer = undefined;
      this.#serve();
    });
  }

  #failed(host: string): void {
    const now = this.#clock.monotonicMs();
    const since = Math.max(now, this.#paidOffAtMs.get(host) ?? 0);
    this.#paidOffAtMs.delete(host);
    this.#paidOffAtMs.set(host, since + this.#failureMs);
    for (const [other, paidOffAtMs] of this.#paidOffAtMs) {
      // The rest failed later.
      if (this.#paidOffAtMs.size <= failedHostsMax && paidOffAtMs > now) return;
      this.#paidOffAtMs.delete(other);
    }
  }
}

/** Who counts as one host: an IPv4 address, or the network of an IPv6 address, of which every household has one. */
function hostOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.replace(/^\[|\]$/g, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(':');
}
