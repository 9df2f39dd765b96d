// Plays a tape on Whippet and compares its answers with the recorded ones, field by field, by the rules of the comparer.
import type { User } from '../../generated/commands/users.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { Comparison } from '../differential/differences/comparison.ts';
import { leavesRest } from '../differential/known_differences.ts';
import { Names } from '../differential/names.ts';
import { differences, type Outcome, outcomeOf } from '../differential/outcome.ts';
import type { Generation, Step } from '../differential/step.ts';
import { type FreshServer, whippetsFor } from './fresh_servers.ts';
import { keptDifference } from './kept_differences.ts';
import { maskedOutcome } from './masks.ts';
import { recordedReply, stepOf } from './payloads.ts';
import { Player } from './player.ts';
import { isExchange, type Tape, type TapeExchange, type TapeScenario, type TapeStep } from './tape.ts';

/** A recorded answer that Whippet did not give, and that nothing explains. */
export interface Divergence {
  readonly scenario: string;
  /** Counts from 1 within the scenario. */
  readonly step: number;
  readonly recorded: TapeExchange;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  readonly lines: readonly string[];
}

export class Replay {
  readonly #generation: Generation;
  /** Answers compared. */
  compared = 0;
  /** Steps behind a difference after which the servers are not in the same state. */
  unreached = 0;
  /** How often each kept difference was met. */
  readonly met = new Map<string, number>();
  readonly divergences: Divergence[] = [];

  constructor(generation: Generation) {
    this.#generation = generation;
  }

  /** Plays each scenario on a server of its own. */
  async play({ scenarios }: Tape): Promise<this> {
    const whippets = whippetsFor(this.#generation);
    try {
      for (const scenario of scenarios) await this.#playScenario(await whippets.start(), scenario);
      return this;
    } finally {
      await whippets.end();
    }
  }

  async #playScenario(server: FreshServer, scenario: TapeScenario): Promise<void> {
    const player = await Player.open(server, this.#generation);
    try {
      const played = await this.#playOn(player, scenario);
      this.unreached += scenario.steps.slice(played).filter(isExchange).length;
    } finally {
      await player.stop();
    }
  }

  /** How many steps were played. */
  async #playOn(player: Player, { title, observer, steps }: TapeScenario): Promise<number> {
    const recording = new Recording(this.#generation, observer);
    const earlier: Step[] = [];
    for (const [index, recorded] of steps.entries()) {
      const { drawn, sent } = stepOf(this.#generation, recorded);
      const reference = recording.outcome(recorded);
      const answer = await player.send(sent);
      if (answer !== undefined && reference !== undefined && isExchange(recorded)) {
        const whippet = maskedOutcome(recorded.command, player.outcome(recorded.command, answer.reply));
        const comparison = { generation: this.#generation, step: drawn, reference, whippet, earlier };
        if (!this.#goesOn(comparison, { scenario: title, step: index + 1, recorded })) return index + 1;
        if (reference.kind === 'closed' || reference.kind === 'silent') player.drop(recorded.connection);
        else if (leavesRest(this.#generation, drawn, reference)) return index + 1;
      }
      earlier.push(drawn);
    }
    return steps.length;
  }

  /** Whether both servers are in the same state after this step. */
  #goesOn(comparison: Comparison, place: Pick<Divergence, 'scenario' | 'step' | 'recorded'>): boolean {
    const { reference, whippet } = comparison;
    const lines = differences(reference, whippet);
    this.compared++;
    if (lines.length === 0) return true;
    const known = keptDifference(comparison);
    if (known === undefined) this.divergences.push({ ...place, reference, whippet, lines });
    else this.met.set(known.id, (this.met.get(known.id) ?? 0) + 1);
    // A server that hangs up instead of refusing has done as little.
    return known !== undefined && (known.goesOn || (reference.kind === 'closed' && whippet.kind === 'refused'));
  }
}

/** A server that is not here any more, by what was taken down of it. */
class Recording {
  readonly #generation: Generation;
  readonly #names = new Names();
  readonly #open = new Map<number, string>();

  constructor(generation: Generation, observer: string) {
    this.#generation = generation;
    this.#names.nameConnection(observer, 'the comparer');
    this.#names.see({ users: [{ userId: protocols.byName[generation].idBase, username: 'iggy' } as User] });
  }

  outcome(recorded: TapeStep): Outcome | undefined {
    const { connection } = recorded;
    if (!isExchange(recorded)) {
      this.#names.nameConnection(this.#open.get(connection) ?? '', `connection ${connection}, closed`);
      return undefined;
    }
    const { opens, command } = recorded;
    if (opens !== undefined) {
      this.#open.set(connection, opens);
      this.#names.nameConnection(opens, `connection ${connection}`);
    }
    return maskedOutcome(command, outcomeOf(command, recordedReply(recorded), this.#generation, this.#names));
  }
}
