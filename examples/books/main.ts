import { catchInterrupts, INTERRUPTED } from '../catchInterrupts.js';
import { complain } from '../complain.js';
import { report } from '../report.js';
import { checkCsv } from './csv/checkCsv.js';
import type { Flags } from './flags.js';
import { openOutputFolder } from './outputFolder.js';
import { readFlags } from './readFlags.js';
import { keepHeapSmall } from './run/keepHeapSmall.js';
import { runJob } from './run/runJob.js';
import { summary } from './run/summary.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(flags: Flags, signal: AbortSignal): Promise<number> {
  const facts = await checkCsv(flags.csv, flags.limit);
  keepHeapSmall(facts.rows);
  const folder = await openOutputFolder(flags.out, flags.id);
  if (folder.interrupted) {
    say(
      `${flags.id} was interrupted before. The embedded servers lost their memory with it: it starts over.`,
    );
  }
  const { result, dashboard, timeline } = await runJob(flags, facts, signal);
  await folder.write(dashboard, timeline);
  return report(result, flags.json, (found) => summary(found, flags));
}

/** The books job on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad input. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupts = catchInterrupts();
  let flags: Flags | undefined;
  try {
    flags = readFlags(argv);
    return flags === undefined ? 0 : await run(flags, interrupts.signal);
  } catch (error) {
    if (interrupts.signal.aborted && flags) {
      say(`interrupted; continue with: npm run demo -- --id ${flags.id} --out ${flags.out}`);
      return INTERRUPTED;
    }
    return complain('books', error);
  } finally {
    interrupts.release();
  }
}
