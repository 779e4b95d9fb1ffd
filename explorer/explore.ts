import { parseArgs } from 'node:util';
import { mutants } from '../test/mutants/index.js';
import { type Explored, exploreSubject, type Loss } from './exploreSubject.js';
import { parseSchedule } from './schedule.js';
import { tell } from './story.js';
import { subjects } from './subjects.js';

const HELP = `Explores small fan-ins, jobs, semaphores and budgets under every order of events and with faults at every call.

  npm run explore                           each of them: exhausted or sampled, schedules, states, violations
  npm run explore -- --mutants              every mutant must be caught
  npm run explore -- --replay "SCHEDULE"    tells the story of a printed schedule

  --only PREFIX    those, or those mutants, whose name begins so (job, semaphore, budget)
  --faults N       the most faults in one schedule (3)
  --seconds N      for everything together (540)
  --seed N         of the sampled schedules (1)
  --json           one JSON object a line
`;

const { values } = parseArgs({
  options: {
    mutants: { type: 'boolean', default: false },
    replay: { type: 'string' },
    only: { type: 'string', default: '' },
    faults: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '540' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function count(name: 'faults' | 'seconds' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name}: expected a whole number, got ${values[name]}`);
  return process.exit(2);
}

const print = (row: object, text: string) => console.log(values.json ? JSON.stringify(row) : text);

function tellLoss({ violation, schedule, story }: Loss): string {
  return `\n${story.join('\n')}\n\n  ${violation.rule}; replay it with\n  npm run explore -- --replay "${schedule}"\n`;
}

function describe({ exhaustedFaults, sampledFaults }: Explored): string {
  const searched = exhaustedFaults < 0 ? '' : `exhausted to ${exhaustedFaults} faults`;
  const drawn = sampledFaults === undefined ? '' : `sampled to ${sampledFaults}`;
  return [searched, drawn].filter((part) => part !== '').join(', ');
}

async function exploreAll(): Promise<boolean> {
  const chosen = subjects.filter(({ name }) => name.startsWith(values.only));
  const until = Date.now() + count('seconds') * 1_000;
  const sums = { states: 0, schedules: 0, violations: 0 };
  let shares = chosen.reduce((sum, { share }) => sum + share, 0);
  for (const subject of chosen) {
    const seconds = (Math.max(0, until - Date.now()) / 1_000) * (subject.share / shares);
    shares -= subject.share;
    const explored = await exploreSubject(subject, { faults: count('faults'), seconds, seed: count('seed') });
    const { states, schedules, size, loss, ms } = explored;
    sums.states += states;
    sums.schedules += schedules;
    sums.violations += loss === undefined ? 0 : 1;
    const numbers = `${schedules.toLocaleString('en')} schedules, ${states.toLocaleString('en')} states`;
    const verdict = loss === undefined ? '0 violations' : `VIOLATION of ${loss.violation.rule}`;
    const title = `${subject.name.padEnd(24)} ${size}`;
    const line = `${title}  ${describe(explored).padEnd(40)} ${numbers.padStart(42)}, ${verdict} (${(ms / 1_000).toFixed(1)} s)`;
    print(explored, line);
    if (loss !== undefined && !values.json) console.log(tellLoss(loss));
  }
  const { states, schedules, violations } = sums;
  print(
    sums,
    `${chosen.length} explored: ${schedules.toLocaleString('en')} schedules, ${states.toLocaleString('en')} distinct states, ${violations} violations`,
  );
  return violations === 0;
}

async function catchMutants(): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => name.startsWith(values.only));
  let caught = 0;
  for (const mutant of chosen) {
    const { name, wrong, broken, faults } = mutant;
    const limits = { faults, seconds: 60, seed: count('seed') };
    const { loss, states } = await exploreSubject(broken, limits, name);
    if (loss !== undefined) caught += 1;
    const verdict = loss === undefined ? `ESCAPED (${states} states)` : `caught: ${loss.violation.rule}`;
    print({ name, wrong, states, loss }, `${name.padEnd(32)} ${verdict}\n    ${wrong}`);
    if (loss !== undefined && !values.json) console.log(tellLoss(loss));
  }
  print({ mutants: chosen.length, caught }, `${caught} of ${chosen.length} mutants caught`);
  return caught === chosen.length;
}

async function replayOne(text: string): Promise<boolean> {
  const parsed = parseSchedule(text);
  const mutant = mutants.find(({ name }) => name === parsed?.mutant);
  const known = mutant === undefined ? subjects : [mutant.broken];
  const subject = known.find(({ name }) => name === parsed?.subject);
  if (
    parsed === undefined ||
    subject === undefined ||
    (parsed.mutant !== undefined && mutant === undefined)
  ) {
    console.error('--replay: expected a schedule as it was printed, "[mutant@]name: words"');
    return process.exit(2);
  }
  const { lines, replayed } = await tell(subject.create(), parsed.tokens);
  const { violation, skipped } = replayed;
  print({ violation, skipped, story: lines }, lines.join('\n'));
  if (skipped.length > 0) console.error(`these could not happen: ${skipped.join(' ')}`);
  return violation === undefined;
}

if (values.help) console.log(HELP);
else {
  // Loaded once before anything is explored: loading takes real time.
  await import('@aws-sdk/client-sqs');
  const isWell =
    values.replay !== undefined
      ? await replayOne(values.replay)
      : values.mutants
        ? await catchMutants()
        : await exploreAll();
  process.exitCode = isWell ? 0 : 1;
}
