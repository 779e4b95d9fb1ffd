import type { FaultName, FaultOptions, Faults } from 'fanfold/local';
import { MAX_RECEIVE_COUNT } from './limits.js';

/** What `--chaos` does. Kills stay below the receives that a message has, so that none dead-letters a good item. */
export const chaosRates = (seed: number): FaultOptions => ({
  seed,
  throttleRate: 0.02,
  resetBeforeRate: 0.01,
  resetAfterRate: 0.02,
  killRate: 0.02,
  maxKillsPerMessage: MAX_RECEIVE_COUNT - 2,
  duplicateRate: 0.05,
});

/** What must have happened by the end of such a run. */
export const chaosFaults = [
  'throttle',
  'resetBefore',
  'resetAfter',
  'killBefore',
  'killAfter',
  'duplicate',
] as const satisfies readonly FaultName[];

/** Even the shortest job meets each of them once, whatever the dice say. */
export function strikeEachOnce(faults: Faults): void {
  faults.next('dynamodb', 'PutItem', 'throttle');
  faults.next('dynamodb', 'PutItem', 'resetBefore');
  faults.next('sqs', 'SendMessageBatch', 'resetAfter');
  faults.next('dynamodb', 'UpdateItem', 'killBefore');
  faults.next('sqs', 'SendMessage', 'killAfter');
  faults.next('sqs', 'ReceiveMessage', 'duplicate');
}
