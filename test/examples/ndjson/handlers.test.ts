import type { SFNClient } from '@aws-sdk/client-sfn';
import { sqsEvent } from 'fanfold/testing';
import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../examples/ndjson/handlers/createBuilder.js';
import { createFinisher } from '../../../examples/ndjson/handlers/createFinisher.js';
import { createOperations } from '../../../examples/ndjson/handlers/createOperations.js';
import { createStatusRecorder } from '../../../examples/ndjson/handlers/createStatusRecorder.js';
import { createTracker } from '../../../examples/ndjson/handlers/createTracker.js';
import type { Start } from '../../../examples/ndjson/startManifest.js';
import { createStart } from '../../../examples/ndjson/startManifest.js';
import { BUCKET, createPipeline, LOCK_MS, PROCESSING_MS } from './pipeline.js';

const notification = (key: string, bucket = BUCKET) => ({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, size: 10 } } }],
});
const manifestOf = (answer: { readonly built: readonly string[] }) => answer.built[0] ?? '';

/** A pipeline with all its functions; `started` are the executions, by name. */
function deploy(start?: Start) {
  const pipeline = createPipeline();
  const started: string[] = [];
  const warnings: string[] = [];
  const { records, parts, clock } = pipeline;
  const noted: Start = async ({ manifestId, attempt }) => {
    started.push(`${manifestId}-${attempt + 1}`);
    return 'started';
  };
  const common = { records, start: start ?? noted };
  return {
    ...{ ...pipeline, started, warnings },
    tracker: createTracker({ records, bucket: BUCKET }),
    builder: createBuilder({ ...parts, ...common, warn: (line) => warnings.push(line) }),
    finisher: createFinisher(common),
    recorder: createStatusRecorder({ records }),
    operations: createOperations({ ...common, orphanAfterMs: 5_000, now: () => clock.now }),
  };
}

describe('the tracker', () => {
  it('makes one record of a file, however often and in whatever order S3 tells of it', async () => {
    const { tracker, records } = deploy();
    const bodies = ['b', 'a', 'b', 'a'].map((name) => ({ body: notification(`${name}.ndjson`) }));
    expect(await tracker(sqsEvent(bodies))).toEqual({ batchItemFailures: [] });
    expect(await records.files.stats()).toMatchObject({ pending: 2 });
    expect((await records.files.get('files/a.ndjson'))?.input).toEqual({
      bucket: BUCKET,
      key: 'a.ndjson',
      size: 10,
    });
  });

  it('does not reset a file that is in a manifest, when it is told of again', async () => {
    const { tracker, builder, records } = deploy();
    await tracker(sqsEvent([{ body: notification('a.ndjson') }]));
    await builder({ flush: true });
    await tracker(sqsEvent([{ body: notification('a.ndjson') }]));
    expect(await records.files.stats()).toMatchObject({ pending: 0, succeeded: 1 });
  });

  it('reports what it cannot read and what is of another bucket, alone', async () => {
    const { tracker, records } = deploy();
    const bodies = [notification('a.ndjson'), { Records: 'none' }, notification('b.ndjson', 'others')];
    const event = sqsEvent(bodies.map((body) => ({ body })));
    const answer = (await tracker(event)) as { batchItemFailures: unknown[] };
    expect(answer.batchItemFailures).toHaveLength(2);
    expect(await records.files.stats()).toMatchObject({ pending: 1 });
  });
});

describe('the builder function', () => {
  it('builds manifests until too few files are left, and starts each', async () => {
    const { builder, track, started } = deploy();
    await track('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const answer = await builder({});
    expect(answer).toMatchObject({ ended: 'notEnough', completed: [] });
    expect(started).toEqual(answer.built.map((id) => `${id}-1`));
    expect(started).toHaveLength(2);
  });

  it('warns of a start that failed, and goes on', async () => {
    const { builder, track, warnings } = deploy(() => Promise.reject(new TypeError('secret')));
    await track('a', 'b', 'c', 'd', 'e', 'f');
    const { built } = await builder({});
    expect(built).toHaveLength(2);
    expect(warnings).toEqual(built.map((id) => `${id} is not started: TypeError`));
  });

  it('stops in time for its deadline', async () => {
    const { builder, track } = deploy();
    await track('a', 'b', 'c', 'd', 'e', 'f');
    expect(await builder({}, { getRemainingTimeInMillis: () => 5_000 })).toMatchObject({ ended: 'built' });
  });

  it('refuses an event that it does not understand', async () => {
    await expect(deploy().builder({ flush: 'yes' })).rejects.toThrow('flush');
  });
});

describe('a start', () => {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:convert';
  const manifest = {
    manifest_path: 's3://files/x.json',
    date_prefix: '2027/01/15',
    file_count: 3,
    timestamp: 't',
  };

  it('is only a warning without a state machine', async () => {
    const warnings: string[] = [];
    const { records } = createPipeline();
    const sfn = {} as SFNClient;
    const start = createStart({
      sfn,
      stateMachineArn: undefined,
      records,
      warn: (line) => warnings.push(line),
    });
    expect(await start({ manifestId: 'm', attempt: 0 }, manifest)).toBe('skipped');
    expect(warnings).toEqual(['m is built and not started: no stateMachineArn is given']);
  });

  it('fails a manifest whose execution ended without a word, so that it can be redriven under another name', async () => {
    const { records } = createPipeline();
    const calls: { name?: string; input?: string }[] = [];
    const constructorOf = { name: 'SFNClient' };
    const sfn = {
      config: { serviceId: 'SFN' },
      constructor: constructorOf,
      async send({ input }: { readonly input: { readonly name?: string; readonly input?: string } }) {
        calls.push(input);
        if (input.name !== undefined) throw Object.assign(new Error(), { name: 'ExecutionAlreadyExists' });
        return { status: 'FAILED', executionArn: 'arn:execution' };
      },
    } as unknown as SFNClient;
    const warnings: string[] = [];
    const start = createStart({ sfn, stateMachineArn, records, warn: (line) => warnings.push(line) });
    await records.manifests.create('m', { input: manifest });
    expect(await start({ manifestId: 'm', attempt: 0 }, manifest)).toBe('alreadyFinished');
    expect(await records.manifests.get('m')).toMatchObject({ state: 'failed', attempt: 1 });
    expect(warnings).toEqual(['m: its execution ended as FAILED and recorded nothing']);
    expect(calls[0]).toMatchObject({ name: 'm-1', input: JSON.stringify(manifest) });

    await records.manifests.retry('m');
    // By somebody who saw the manifest before: it waits for another execution now.
    await start({ manifestId: 'm', attempt: 0 }, manifest);
    expect(await records.manifests.get('m')).toMatchObject({ state: 'pending', attempt: 1 });
  });
});

describe('the finisher', () => {
  it('starts what was built and never started, and reports what it could not', async () => {
    const { builder, track, records, started } = deploy(() => Promise.reject(new Error('down')));
    await track('a', 'b', 'c', 'd', 'e', 'f');
    const { built } = await builder({});
    expect(started).toEqual([]);
    const start: Start = async ({ manifestId }) => {
      if (manifestId === built[0]) throw new RangeError('down');
      return 'started';
    };
    expect(await createFinisher({ records, start })()).toEqual({
      started: [built[1]],
      skipped: [],
      failed: [{ manifestId: built[0], error: 'RangeError' }],
    });
  });

  it('starts nothing that is in progress, completed or failed', async () => {
    const { builder, track, records, finisher, started } = deploy();
    await track('a', 'b', 'c');
    const id = manifestOf(await builder({}));
    await records.manifestsOf('arn:1').claim(id);
    expect(await finisher()).toEqual({ started: [], skipped: [], failed: [] });
    expect(started).toEqual([`${id}-1`]);
  });
});

describe('the status of a manifest', () => {
  async function built() {
    const deployed = deploy();
    await deployed.track('a', 'b', 'c');
    const id = manifestOf(await deployed.builder({}));
    const { manifest_path = '', date_prefix } = deployed.written[0] ?? {};
    const record = (status: string, execution_id: string, more: object = {}) =>
      deployed.recorder({ status, execution_id, manifest_path, date_prefix, ...more });
    const state = async () => (await deployed.records.manifests.get(id))?.state;
    return { ...deployed, id, record, state };
  }

  it('goes from processing to completed, and each answer is the same when it is asked for again', async () => {
    const { record, records, id } = await built();
    for (let times = 0; times < 2; times += 1)
      expect(await record('processing', 'arn:1')).toEqual({ proceed: true, attempt: 1 });
    for (let times = 0; times < 2; times += 1) await record('completed', 'arn:1', { attempt: 1 });
    expect(await records.manifests.get(id)).toMatchObject({
      state: 'succeeded',
      result: { parquet_path: `s3://files/parquet/2027/01/15/${id}.parquet` },
    });
    expect(await record('processing', 'arn:2')).toEqual({ proceed: false, attempt: 1 });
  });

  it('is another execution’s while that one has it', async () => {
    const { record } = await built();
    await record('processing', 'arn:1');
    expect(await record('processing', 'arn:2')).toEqual({ proceed: false, attempt: 1 });
    await expect(record('completed', 'arn:2', { attempt: 1 })).rejects.toMatchObject({ code: 'Superseded' });
  });

  it('is not moved by an execution that is late: its manifest was reset and given to another one', async () => {
    const { record, state, operations, clock } = await built();
    await record('processing', 'arn:1');
    clock.now += PROCESSING_MS;
    expect(await operations({ operation: 'stuck' })).toMatchObject({ manifests: [expect.any(String)] });
    await operations({ operation: 'resetStuck' });
    await expect(record('completed', 'arn:1', { attempt: 1 })).rejects.toMatchObject({ code: 'Superseded' });
    expect(await state()).toBe('pending');
    expect(await record('processing', 'arn:2')).toEqual({ proceed: true, attempt: 2 });
    await expect(record('failed', 'arn:1', { attempt: 1, error: 'late' })).rejects.toMatchObject({
      code: 'Superseded',
    });
    expect(await state()).toBe('inProgress');
  });

  it('keeps the reason of a job’s run, out of what Step Functions says of it', async () => {
    const { record, operations, id } = await built();
    await record('processing', 'arn:1');
    const error = JSON.stringify({ JobRunState: 'FAILED', ErrorMessage: 'a.ndjson, line 2: expected JSON' });
    await record('failed', 'arn:1', { attempt: 1, error });
    expect(await operations({ operation: 'failed' })).toEqual({
      manifests: [{ manifest_id: id, error: 'a.ndjson, line 2: expected JSON' }],
    });
  });

  it('is refused for a manifest that is not there, and makes none', async () => {
    const { recorder, records } = deploy();
    const manifest_path = 's3://files/manifests/2027/01/15/manifest-20270115T000000000Z-9.json';
    const status = { status: 'processing', execution_id: 'arn:1', manifest_path };
    await expect(recorder(status)).rejects.toMatchObject({ code: 'UnknownManifest' });
    expect(await records.manifests.stats()).toMatchObject({ inProgress: 0 });
    await expect(recorder({ ...status, manifest_path: 's3://files/../x' })).rejects.toThrow('manifest_path');
  });
});

describe('operations', () => {
  it('count what there is, and find files that wait for too long', async () => {
    const { operations, track, builder, clock } = deploy();
    await track('a', 'b', 'c');
    await builder({});
    await track('old');
    clock.now += 5_000;
    await track('new');
    expect(await operations({ operation: 'stats' })).toEqual({
      files: { waiting: 2, beingMarked: 0, inManifest: 3 },
      manifests: { built: 1, processing: 0, completed: 0, failed: 0 },
    });
    expect(await operations({ operation: 'orphans' })).toEqual({ files: ['files/old'] });
  });

  it('give back files whose builder died while it marked them', async () => {
    const { operations, track, records, clock } = deploy();
    await track('a');
    await records.files.claim('files/a');
    expect(await operations({ operation: 'stuck' })).toEqual({ files: [], manifests: [] });
    clock.now += LOCK_MS;
    expect(await operations({ operation: 'stuck' })).toEqual({ files: ['files/a'], manifests: [] });
    expect(await operations({ operation: 'resetStuck' })).toEqual({ files: ['files/a'], manifests: [] });
  });

  it('redrive a failed manifest under the name of its next attempt, and nothing else', async () => {
    const { operations, track, builder, records, started } = deploy();
    await track('a', 'b', 'c');
    const id = manifestOf(await builder({}));
    const claim = await records.manifestsOf('arn:1').claim(id);
    if (claim.status !== 'claimed') throw new Error('expected a claim');
    await expect(operations({ operation: 'redrive', manifest_id: id })).rejects.toMatchObject({
      code: 'JobNotFailed',
    });
    await claim.fail(new Error('corrupt'));
    expect(await operations({ operation: 'redrive', manifest_id: id })).toEqual({ status: 'started' });
    expect(started).toEqual([`${id}-1`, `${id}-2`]);
    await expect(operations({ operation: 'redrive', manifest_id: 'nothing' })).rejects.toMatchObject({
      code: 'JobNotFound',
    });
  });

  it('refuse a request that they do not know', async () => {
    await expect(deploy().operations({ operation: 'drop' })).rejects.toThrow('operation');
  });
});
