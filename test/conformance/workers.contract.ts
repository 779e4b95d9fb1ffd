import { randomUUID } from 'node:crypto';
import { createWorker, NonRetryableError, toResponse } from 'fanfold';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMint } from '../../examples/minter/createMint.js';
import { createDirectMinter } from '../../examples/minter/handlers/createDirectMinter.js';
import { dynamoRegistry, registryTable } from '../../examples/minter/registry.js';
import { functionArn, outputOf } from './executions.js';
import type { Place } from './place.js';

/** Workers that state machines call directly, and what Choice, Retry and Catch make of their answers. */
export function describeWorkers(getPlace: () => Place): void {
  describe('docs/asl', () => {
    it('direct-worker reaches a worker as a Step Functions call, without a token', async () => {
      const place = getPlace();
      const seen: unknown[] = [];
      place.registerFunction(
        'direct-worker',
        createWorker({
          input: z.object({ ticker: z.string(), source: z.string() }),
          process({ ticker, source }, { mode, stepFunctions }) {
            seen.push(mode, stepFunctions?.taskToken, source);
            return { ticker, status: 'success' };
          },
        }),
      );
      const machine = await place.createStateMachine('direct', 'docs/asl/direct-worker.asl.json', {
        WorkerFunctionArn: functionArn('direct-worker'),
      });
      expect(await outputOf(place, machine, { ticker: 'AMZN' })).toEqual({
        ticker: 'AMZN',
        worker_result: { Payload: { ticker: 'AMZN', status: 'success' } },
      });
      expect(seen).toEqual(['step-functions', undefined, 'step_functions_precompute']);
    });

    it('partial-failure tells a failure from an empty list of failures', async () => {
      const place = getPlace();
      place.registerFunction(
        'partial',
        createWorker({
          input: z.string(),
          items: (payload) =>
            z.object({ sourceIdentifiers: z.array(z.string()) }).parse(payload).sourceIdentifiers,
          process(id) {
            if (id === 'bad') throw new NonRetryableError('no such record');
            return { id };
          },
          respond: (outcomes) => toResponse(outcomes, { key: 'id' }),
        }),
      );
      const machine = await place.createStateMachine('partial', 'docs/asl/partial-failure.asl.json', {
        MinterFunctionArn: functionArn('partial'),
      });
      expect(await outputOf(place, machine, { sourceIdentifiers: ['a', 'b'] })).toMatchObject({
        mintingResult: { failures: [] },
        verdict: 'all minted',
      });
      expect(await outputOf(place, machine, { sourceIdentifiers: ['a', 'bad'] })).toMatchObject({
        mintingResult: { successes: [{ id: 'a' }], failures: [{ id: 'bad' }] },
        verdict: 'some failed',
      });
    });

    it('map tries an item again, and keeps the results of the others when one fails for good', async () => {
      const place = getPlace();
      const calls = new Map<number, number>();
      place.registerFunction(
        'map-worker',
        createWorker({
          input: z.object({ batch: z.number() }),
          directFailure: 'throw',
          process({ batch }) {
            const call = (calls.get(batch) ?? 0) + 1;
            calls.set(batch, call);
            if (batch === 3 || (batch === 1 && call === 1)) throw new RangeError(`batch ${batch}`);
            return batch * 2;
          },
        }),
      );
      const machine = await place.createStateMachine('map', 'docs/asl/map.asl.json', {
        WorkerFunctionArn: functionArn('map-worker'),
      });
      expect(await outputOf(place, machine, { batches: [0, 1, 2, 3, 4, 5] })).toMatchObject({
        results: [
          { status: 'succeeded', value: 0 },
          { status: 'succeeded', value: 2 },
          { status: 'succeeded', value: 4 },
          { status: 'failed', index: 3, error: 'RangeError' },
          { status: 'succeeded', value: 8 },
          { status: 'succeeded', value: 10 },
        ],
      });
      expect(Object.fromEntries(calls)).toEqual({ 0: 1, 1: 2, 2: 1, 3: 4, 4: 1, 5: 1 });
    });
  });

  describe('examples/minter', () => {
    const substitutions = { MinterFunctionArn: functionArn('minter') };
    const create = (name: string) =>
      getPlace().createStateMachine(name, `examples/minter/${name}.asl.json`, substitutions);
    let lines = 0;

    beforeAll(async () => {
      const { dynamodb: client, createTable, registerFunction } = getPlace();
      const mint = createMint({
        registry: dynamoRegistry({ client, tableName: await createTable(registryTable) }),
        newId: randomUUID,
        async confirm(sourceIdentifier) {
          if (sourceIdentifier === 'unknown') throw new NonRetryableError('no such record');
        },
      });
      registerFunction('minter', createDirectMinter({ mint, log: () => (lines += 1) }));
    });

    it.each([
      ['all minted', ['a', 'b']],
      ['some failed', ['a', 'unknown']],
      ['nothing minted', ['a', ' ']],
    ])('mint says "%s" of %j', async (verdict, sourceIdentifiers) => {
      const machine = await create('mint');
      const before = lines;
      expect(await outputOf(getPlace(), machine, { sourceIdentifiers })).toMatchObject({ verdict });
      expect(lines - before).toBe(1);
    });

    it('both-choices shows in parallel that a Choice on the list alone is always true', async () => {
      const machine = await create('both-choices');
      expect(await outputOf(getPlace(), machine, { sourceIdentifiers: ['a'] })).toEqual({
        onList: 'some failed',
        onFirst: 'all minted',
      });
      expect(await outputOf(getPlace(), machine, { sourceIdentifiers: ['unknown'] })).toEqual({
        onList: 'some failed',
        onFirst: 'some failed',
      });
    });

    it('batches keeps what was minted beside a batch that is not valid, which is not tried again', async () => {
      const machine = await create('batches');
      const before = lines;
      const batches = [['c', 'd'], [], ['c', 'unknown']];
      expect(await outputOf(getPlace(), machine, { batches })).toMatchObject({
        results: [
          {
            status: 'minted',
            successes: [{ sourceIdentifier: 'c' }, { sourceIdentifier: 'd' }],
            failures: [],
          },
          { status: 'failed', index: 1, error: 'InvalidRequest' },
          { status: 'minted', failures: [{ sourceIdentifier: 'unknown' }] },
        ],
      });
      expect(lines - before).toBe(3);
    });
  });
}
