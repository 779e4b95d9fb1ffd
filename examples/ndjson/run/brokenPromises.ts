import type { Flags } from '../flags.js';
import type { Result } from './result.js';

export type Evidence = Omit<Result, 'broken'>;

const RUNS_OF_A_FAILURE = 3;

/** Holds what happened against what was promised; answers one sentence for each promise that was broken. */
export function brokenPromises(evidence: Evidence, flags: Flags): string[] {
  const { files, manifests, pausedBuilder, executions, orphans, stuck, corrupt, states } = evidence;
  const { completed = 0, built = 0 } = states.manifests;
  // Files that fill their manifests exactly leave none for the builders that start nothing.
  const isWarnedOf = orphans.beforeFlush > 0 || !flags.stateMachine;
  // One builder dies before it starts the second manifest.
  const isLeftOver = isWarnedOf || manifests > 1;
  const common: [boolean, string][] = [
    [evidence.filesInTwo === 0, `no file is in two manifests: ${evidence.filesInTwo} are`],
    [evidence.filesInNone === 0, `no file is in no manifest: ${evidence.filesInNone} are`],
    [
      evidence.filesInOneManifest === files,
      `every file is in one manifest: ${evidence.filesInOneManifest} of ${files} are`,
    ],
    [
      evidence.recordsThatDiffer === 0,
      `every record names its manifest: ${evidence.recordsThatDiffer} do not`,
    ],
    [
      evidence.mostFiles <= flags.maxFiles,
      `a manifest has at most ${flags.maxFiles} files: one has ${evidence.mostFiles}`,
    ],
    [
      evidence.mostBytes <= flags.maxBytes,
      `a manifest has at most ${flags.maxBytes} bytes: one has ${evidence.mostBytes}`,
    ],
    [orphans.atEnd === 0, `no file is an orphan in the end: ${orphans.atEnd} are`],
    [pausedBuilder.refused, 'a paused builder whose lock expired cannot publish its list: it did'],
    [
      pausedBuilder.publishedToken > pausedBuilder.fencingToken,
      `the list that stands has a newer token than ${pausedBuilder.fencingToken}: ${pausedBuilder.publishedToken}`,
    ],
    [
      evidence.warnings.length > 0 || !isWarnedOf,
      'a manifest that is not started is warned of: there was no warning',
    ],
  ];
  const rolledBack: [boolean, string][] = [
    [
      executions.total === 0,
      `without a state machine nothing is started: ${executions.total} executions were`,
    ],
    [
      built === manifests,
      `without a state machine manifests are built all the same: ${built} of ${manifests} are`,
    ],
  ];
  const live: [boolean, string][] = [
    [executions.mostOfOne <= 1, `a manifest starts once: one started ${executions.mostOfOne} times`],
    [executions.foundNotStarted > 0 || !isLeftOver, 'what was built and never started is found: nothing was'],
    [stuck.found === Math.min(1, manifests - 1), `an execution that died is found: ${stuck.found} were`],
    [stuck.reset === stuck.found, `what is stuck is reset: ${stuck.reset} of ${stuck.found} were`],
    [corrupt.failed === 1, `the manifest with the corrupt file fails: ${corrupt.failed} failed`],
    [corrupt.reason.includes('line 2'), `the failure says file and line: ${corrupt.reason}`],
    [
      corrupt.runs === RUNS_OF_A_FAILURE,
      `a failing conversion is tried ${RUNS_OF_A_FAILURE} times: ${corrupt.runs}`,
    ],
    [corrupt.alerts === 1, `one alert: ${corrupt.alerts}`],
    [corrupt.redrive === 'started', `a redrive starts the mended manifest: ${corrupt.redrive}`],
    [completed === manifests, `every manifest is completed in the end: ${completed} of ${manifests} are`],
    [evidence.rowsOut === evidence.rowsIn, `no row is lost: ${evidence.rowsIn} in, ${evidence.rowsOut} out`],
  ];
  const chaos: [boolean, string][] = [[evidence.faults.lost > 0, 'under chaos replies are lost: none was']];
  const promises = [...common, ...(flags.chaos ? chaos : []), ...(flags.stateMachine ? live : rolledBack)];
  return promises.filter(([held]) => !held).map(([, broken]) => broken);
}
