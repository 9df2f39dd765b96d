// `whippet doctor DATA_DIR`: says what is in a data folder and what is wrong with it, and on request treats that. Reading only, unless asked.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DataFolderError } from '../catalog/data_folder.ts';
import { MasterKey } from '../lib/cipher.ts';
import { systemClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/random.ts';
import { systemDisk } from '../log/disk.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { TailBudget } from '../log/tail.ts';
import { examineFolder, NotExaminable, type Progress } from './examine.ts';
import { findingsOf } from './findings.ts';
import { formatReport, size } from './text.ts';
import { treatFolder } from './treat.ts';

const help = `Usage: npm run doctor -- [options] DATA_DIR

Reads every byte of a data folder of Whippet's and says, per partition, what is there and what is wrong: torn tails, damage with its
bytes and offsets, messages that are missing, files that are not ours, remains of deleted partitions. Changes nothing unless asked to.

  --repair      move torn tails to a folder "quarantine" beside the file, as the next start of the server would
  --quarantine  move damaged partitions to DATA_DIR/quarantine; each starts empty, at offset 0, without stored offsets
  --json        print the report as JSON
  --help, -h    this text

Repair and quarantine are refused while a server has the folder. For an encrypted folder set IGGY_SYSTEM_ENCRYPTION_KEY (and
WHIPPET_PREVIOUS_ENCRYPTION_KEYS), as for the server. Exit code: 0 healthy, 1 something was found (and is still so after a repair), 2 wrong use.

Example: npm run doctor -- local_data
`;

const progressEveryMs = 2_000;

class WrongUse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      repair: { type: 'boolean', default: false },
      quarantine: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [given] = positionals;
  if (given === undefined || positionals.length > 1) throw new WrongUse('name one data folder');
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const environment = environmentOf(process.env);
  let report = await examineFolder(environment, folder, progressOn(environment));
  if ((values.repair || values.quarantine) && findingsOf(report).length > 0) {
    if (!values.json) process.stdout.write(`${formatReport(report)}\n`);
    const done = await treatFolder(environment, report, values);
    for (const line of done) process.stderr.write(`whippet doctor: ${line}\n`);
    report = await examineFolder(environment, folder, progressOn(environment));
  }
  const isHealthy = findingsOf(report).length === 0;
  process.stdout.write(values.json ? `${JSON.stringify({ ...report, isHealthy }, null, 2)}\n` : formatReport(report));
  return isHealthy ? 0 : 1;
}

function environmentOf(variables: NodeJS.ProcessEnv): LogEnvironment {
  const text = variables.IGGY_SYSTEM_ENCRYPTION_KEY ?? '';
  const previous = MasterKey.parseList(variables.WHIPPET_PREVIOUS_ENCRYPTION_KEYS ?? '');
  if (previous === undefined) throw new WrongUse('WHIPPET_PREVIOUS_ENCRYPTION_KEYS has something that is no key');
  const masterKey = text === '' ? undefined : MasterKey.parse(text, previous);
  if (text !== '' && masterKey === undefined)
    throw new WrongUse('IGGY_SYSTEM_ENCRYPTION_KEY is not 32 bytes in base64');
  return {
    disk: systemDisk(),
    clock: systemClock(),
    random: systemRandom(),
    tailBudget: new TailBudget(0),
    notice: () => {},
    masterKey,
  };
}

/** A line on standard error every other second of long work. */
function progressOn({ clock }: LogEnvironment): Progress {
  let toldAtMs = clock.monotonicMs();
  return (read, total) => {
    if (clock.monotonicMs() - toldAtMs < progressEveryMs) return;
    toldAtMs = clock.monotonicMs();
    process.stderr.write(`whippet doctor: ${size(read)} of ${size(total)} read\n`);
  };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { code } = error as { code?: unknown };
  const isWrongUse =
    error instanceof WrongUse || error instanceof NotExaminable || String(code).startsWith('ERR_PARSE_ARGS');
  if (!isWrongUse && !(error instanceof DataFolderError)) throw error;
  process.stderr.write(
    `whippet doctor: ${(error as Error).message}\n${error instanceof DataFolderError ? '' : `\n${help}`}`,
  );
  process.exitCode = 2;
}
