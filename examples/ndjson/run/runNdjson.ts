import { fanOut, throwIfFailed } from 'fanfold';
import type { Flags } from '../flags.js';
import { brokenPromises } from './brokenPromises.js';
import { buildAll } from './buildAll.js';
import { collectResult } from './collectResult.js';
import { convertAll } from './convertAll.js';
import { deployFunctions } from './deployFunctions.js';
import { makeFiles } from './makeFiles.js';
import { readFolder } from './readFolder.js';
import type { Result } from './result.js';
import { sendNotifications } from './sendNotifications.js';
import type { SourceFile } from './sourceFile.js';
import { type Stage, startStage } from './startStage.js';

const UPLOADS_AT_ONCE = 16;
const CORRUPT_BODY = '{"id":1}\n{"id":';

async function runOn(stage: Stage, flags: Flags, sources: readonly SourceFile[]): Promise<Result> {
  const startedAt = Date.now();
  const corrupt = sources[Math.floor(sources.length / 2)];
  if (corrupt === undefined) throw new Error('there are no files');
  const deployed = await deployFunctions(stage, flags, corrupt.key);
  const upload = (file: SourceFile) =>
    file === corrupt ? stage.files.put(file.key, CORRUPT_BODY) : file.upload(stage.files);
  throwIfFailed(await fanOut(sources, upload, { concurrency: UPLOADS_AT_ONCE }));

  const target = { sqs: stage.sqs, queueUrl: stage.queueUrl, bucket: stage.files.bucket };
  const notifications = await sendNotifications(target, sources, flags.seed);
  const { builders } = flags;
  const building = await buildAll(stage, deployed, { files: sources.length, builders });
  const converting = await convertAll(stage, deployed, corrupt);
  const run = { sources, notifications, builders, building, converting, startedAt };
  const evidence = await collectResult(stage, deployed, run);
  return { ...evidence, broken: brokenPromises(evidence, flags) };
}

/** Takes the files from the bucket's door to Parquet, with all that can go wrong on the way, and looks at what came of it. */
export async function runNdjson(flags: Flags): Promise<Result> {
  const sources =
    flags.input === undefined ? makeFiles(flags.files, flags.seed) : await readFolder(flags.input);
  const stage = await startStage(flags);
  try {
    return await runOn(stage, flags, sources);
  } finally {
    await stage.stop();
  }
}
