import type { Result } from './runMinter.js';

/** What a run has seen, for people. */
export function summary(result: Result): string {
  const { one, hundred, partial, refused, concurrent, queue, choices, verdicts, batches, log } = result;
  const rows: [string, string][] = [
    ['one identifier', `${one.successes} minted`],
    ['a hundred', `${hundred.successes} minted, a replay is the same: ${result.replayedSame}`],
    ['one of them unknown', `${partial.successes} minted, ${partial.failures} failed`],
    ...Object.entries(refused).map(([name, message]): [string, string] => [`refused, ${name}`, message]),
    [
      `${concurrent.requests} requests at once`,
      `${concurrent.identifiers} identifiers, ${concurrent.canonicalIds} canonical ids`,
    ],
    [
      'by the queue',
      `${queue.receivedDownstream} of ${queue.sent} sent on, ${queue.deadLettered} in the dead-letter queue`,
    ],
    ['Choice, none failed', JSON.stringify(choices.noneFailed)],
    ['Choice, one failed', JSON.stringify(choices.oneFailed)],
    ['state machine', `${verdicts.good} · ${verdicts.bad} · ${verdicts.invalid}`],
    [
      'Map',
      `${batches.minted} of ${batches.batches} batches minted, ${batches.mostAtOnce} at once; failed: ${batches.failed.join(', ')}`,
    ],
    ['log', `${log.logged} lines, ${log.whole} with metrics and correlation id`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}
