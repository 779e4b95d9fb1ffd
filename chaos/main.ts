import { CommanderError } from 'commander';
import { catchInterrupts, INTERRUPTED } from '../examples/catchInterrupts.js';
import { bundleChild, type ChildProgram } from './herd/bundleChild.js';
import { readFlags } from './readFlags.js';
import { runOnce } from './runOnce.js';
import { type RunResult, runLine } from './runResult.js';

function summary(results: readonly RunResult[]): string {
  const sum = (of: 'kills' | 'killsInFlight') => results.reduce((total, result) => total + result[of], 0);
  const balanced = results.filter(({ broken }) => broken.length === 0).length;
  return `${balanced} of ${results.length} balanced, ${sum('kills')} kills, ${sum('killsInFlight')} of them hit work in flight`;
}

/** The kill tests. Answers the exit code: 0 every ledger balanced, 1 one did not, 2 bad flags, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupts = catchInterrupts();
  let program: ChildProgram | undefined;
  try {
    const { runs, seed, items, json } = readFlags(argv);
    const say = (line: string) => (json ? process.stderr : process.stdout).write(`${line}\n`);
    program = await bundleChild();
    const results: RunResult[] = [];
    for (let n = 0; n < runs; n += 1) {
      const result = await runOnce(program.path, seed + n, items, interrupts.signal).catch((cause) => {
        throw new Error(`seed ${seed + n}: the run itself broke down`, { cause });
      });
      say(runLine(result));
      if (result.broken.length > 0)
        say(`  again: npm run chaos -- --runs 1 --seed ${result.seed} --items ${items}`);
      results.push(result);
    }
    say(summary(results));
    if (json) process.stdout.write(`${JSON.stringify({ summary: summary(results), results })}\n`);
    return results.every(({ broken }) => broken.length === 0) ? 0 : 1;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!interrupts.signal.aborted) throw error;
    process.stderr.write('interrupted; every process and server has been stopped\n');
    return INTERRUPTED;
  } finally {
    await program?.remove();
    interrupts.release();
  }
}
