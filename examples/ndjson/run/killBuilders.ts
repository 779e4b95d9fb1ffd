import type { Local } from 'fanfold/local';
import type { Records } from '../records.js';

/** So many files are marked by the first builder before it dies. */
const MARKED_FIRST = 20;

/**
 * Kills two builders: the first one that marks files, in the middle of it, with its last write applied; and the one
 * that enters the second manifest, before it starts its execution.
 */
export function killBuilders(local: Local): (records: Records) => Records {
  let [marked, entered] = [0, 0];
  return (records) => ({
    ...records,
    files: {
      ...records.files,
      run(id, work, options) {
        marked += 1;
        if (marked === MARKED_FIRST) local.faults.next('dynamodb', 'UpdateItem', 'killAfter');
        return records.files.run(id, work, options);
      },
    },
    manifests: {
      ...records.manifests,
      create(id, options) {
        entered += 1;
        if (entered === 2) local.faults.next('sfn', 'StartExecution', 'killBefore');
        return records.manifests.create(id, options);
      },
    },
  });
}
