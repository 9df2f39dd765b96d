// Compares Whippet with an official server: draws command sequences, runs each on both, prints the first difference in its smallest form.
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { text } from './outcome.ts';
import { type Difference, Pair } from './pair.ts';
import { scenarios } from './scenario.ts';
import { referenceCommand, whippetCommand } from './server_process.ts';
import { codeOf, commandTables, connectionOf, encodeStep, type Generation, type Step, stepTitle } from './step.ts';
import { survey } from './survey.ts';

const help = `Usage: pnpm conformance compare --generation v0_4|v0_5|v0_6|v0_8 --reference-bin PATH [options]

Runs drawn command sequences on an official server and on Whippet, each a child process on its own port and folder, and compares the decoded
answers. Prints the first difference, shrunk. Differences kept on purpose are listed in conformance/DIFFERENCES.md.

  --generation NAME      wire generation of the reference: v0_4 (0.4.72), v0_5 (0.5.0), v0_6 (0.6.0), v0_8 (0.8.0)
  --reference-bin PATH   the official server; settings it needs are read from env.txt in the same folder
  --cases N              sequences to run (default 500)
  --steps N              most commands of one sequence (default 25)
  --seed S               repeat an earlier run
  --only A,B             draw these commands only, by their spec names
  --save-at-once         the reference writes every message at once, so that what it does to unsaved ones does not end cases early
  --survey               run all cases, group what differs, show the shortest case of each group unshrunk
  --help                 this text

Exit status: 0 no unexplained difference, 1 a difference, 2 wrong use.
`;

/** Runs `pnpm conformance compare` with the words behind it. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      generation: { type: 'string' },
      'reference-bin': { type: 'string' },
      cases: { type: 'string', default: '500' },
      steps: { type: 'string', default: '25' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      'save-at-once': { type: 'boolean', default: false },
      survey: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { generation, 'reference-bin': bin } = values;
  if (values.help || generation === undefined || bin === undefined || !(generation in commandTables)) {
    process.stdout.write(help);
    return values.help ? 0 : 2;
  }
  const name = generation as Generation;
  const pair = new Pair(await referenceCommand(bin, values['save-at-once']), whippetCommand(name), name);
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  const only = new Set(values.only.split(',').filter((part) => part !== ''));
  let difference: Difference | undefined;
  try {
    if (values.survey) {
      const findings = await survey(pair, name, {
        cases: Number(values.cases),
        steps: Number(values.steps),
        seed,
        only,
      });
      for (const { signature, count, scenario, difference } of findings) {
        process.stdout.write(`\n=== ${count} × ${signature}\n`);
        printCase(scenario, name, difference);
      }
      process.stdout.write(`${summary(pair, name, Number(values.cases), seed)}\n`);
      return findings.length === 0 ? 0 : 1;
    }
    const property = fc.asyncProperty(scenarios(name, Number(values.steps), only), async (scenario) => {
      const found = await pair.run(scenario);
      if (found !== undefined) difference = found;
      return found === undefined;
    });
    const result = await fc.check(property, {
      seed,
      numRuns: Number(values.cases),
      interruptAfterTimeLimit: 1_800_000,
    });
    process.stdout.write(`${summary(pair, name, result.numRuns, seed)}\n`);
    if (!result.failed) return 0;
    if (result.errorInstance !== null && result.errorInstance !== undefined)
      process.stdout.write(`${(result.errorInstance as Error).stack ?? result.errorInstance}\n`);
    if (result.counterexample !== null) printCase(result.counterexample[0], name, difference);
    return 1;
  } finally {
    await pair.stop();
  }
}

function summary(pair: Pair, generation: Generation, cases: number, seed: number): string {
  const kept = [...pair.met].sort().map(([id, count]) => `  ${id}: ${count}`);
  const restarts = pair.referenceRestarts === 0 ? [] : [`reference restarted ${pair.referenceRestarts} times`];
  const head = `${generation}: ${cases} cases, ${pair.stepsRun} steps, seed ${seed}`;
  return [head, 'kept differences met:', ...kept, ...restarts].join('\n');
}

function printCase(scenario: readonly Step[], generation: Generation, difference: Difference | undefined): void {
  const last = difference?.step ?? scenario.length - 1;
  for (const [index, step] of scenario.slice(0, last + 1).entries()) {
    const encoded = encodeStep(step, generation, { tokens: new Map(), startedAt: 0 });
    const hex = Buffer.from(encoded?.payload ?? []).toString('hex');
    const shown =
      step.kind === 'command' ? `${codeOf(step.command)} ${step.command} ${text(step.request)}` : stepTitle(step);
    const tamper = step.kind === 'command' && step.tamper !== undefined ? ` tampered ${text(step.tamper)}` : '';
    process.stdout.write(
      `${index + 1}. connection ${connectionOf(step)}: ${short(shown, 400)}${tamper}\n   ${short(hex, 200)}\n`,
    );
  }
  if (difference === undefined) return;
  const { reference, whippet, lines, note } = difference;
  process.stdout.write(`reference: ${short(text(reference), 1500)}\nwhippet:   ${short(text(whippet), 1500)}\n`);
  process.stdout.write(
    `difference (step ${last + 1}): ${short(lines.join('\n  '), 2000)}\n${note === '' ? '' : `note: ${note}\n`}`,
  );
}

function short(value: string, max: number): string {
  return value.length <= max ? value : `${value.slice(0, max)}… (${value.length} characters)`;
}
