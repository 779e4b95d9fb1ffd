import { createFanIn } from '../../src/aggregation/createFanIn.js';
import { createSweeper } from '../../src/aggregation/createSweeper.js';
import type { FanIn } from '../../src/aggregation/fanIn.js';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { fanOutToQueue } from '../../src/fanout/fanOutToQueue.js';
import { createWorker } from '../../src/invocation/createWorker.js';
import { createDeadLetterHandler } from '../../src/invocation/deadLetter.js';
import type { StandardSchema } from '../../src/invocation/standardSchema.js';
import { sqsEvent } from '../../src/testing/sqsEvent.js';
import type { Environment } from '../process.js';
import type { FanInMutant } from './fanInMutant.js';
import { createHands, type Hands } from './hands.js';
import { JOB, LEASE_MS, type Scenario, START, TTL_SECONDS } from './scenario.js';

/** A message as a worker receives it. */
export interface Received {
  readonly index: number;
  readonly receives: number;
}

/** The processes of a job: each is run from its start as often as it is needed, and must depend on nothing but its environment. */
export interface Actors {
  publisher(environment: Environment): Promise<unknown>;
  worker(environment: Environment, messages: readonly Received[]): Promise<unknown>;
  deadLetterHandler(environment: Environment, messages: readonly Received[]): Promise<unknown>;
  sweeper(environment: Environment): Promise<unknown>;
  canceller(environment: Environment): Promise<unknown>;
}

const anyIndex: StandardSchema<unknown, { index: number }> = {
  '~standard': {
    version: 1,
    vendor: 'explorer',
    validate: (value) => ({ value: value as { index: number } }),
  },
};

function eventOf(messages: readonly Received[]) {
  return sqsEvent(
    messages.map(({ index, receives }, position) => ({
      messageId: `${position}`,
      receiveCount: receives,
      body: toEnvelope(JOB, index, { index }),
    })),
  );
}

/** Actors made of fanfold's own parts. */
export function fanfoldActors(scenario: Scenario, mutant?: FanInMutant): Actors {
  const { plan, leafSize, storeResults, maxReceiveCount } = scenario;
  const items = Array.from(plan, (_, index) => ({ index }));
  const { deadlineAt = null, ...limits } = scenario.open;
  // As small as the job, so that its tree is no deeper than it must be.
  const maxItems = leafSize ** Math.max(2, Math.ceil(Math.log(items.length) / Math.log(leafSize)));
  const open = { ...limits, deadlineAt: deadlineAt === null ? null : START + deadlineAt };

  function equip(environment: Environment): { readonly hands: Hands; readonly fanIn: FanIn } {
    const hands = createHands(environment);
    const store = mutant?.store?.(hands.store) ?? hands.store;
    const { onComplete, now, randomId } = hands;
    const options = {
      onComplete,
      leaseMs: LEASE_MS,
      ttlSeconds: TTL_SECONDS,
      storeResults,
      leafSize,
      now,
      randomId,
    };
    const real = createFanIn({ store, ...options });
    const fanIn = mutant?.fanIn?.(real, store) ?? real;
    const settle: FanIn['settle'] = async (id, entries) => {
      const result = await fanIn.settle(id, entries);
      for (const [position, answer] of result.entries.entries()) {
        const index = entries[position]?.index;
        if (answer === 'recorded' && index !== undefined) environment.note({ type: 'recorded', index });
      }
      return result;
    };
    return { hands: mutant?.hands?.(hands, real) ?? hands, fanIn: { ...fanIn, settle } };
  }

  async function publishChunks({ sqs, queueUrl }: Hands, fanIn: FanIn): Promise<void> {
    await fanIn.open(JOB, { ...open, maxItems });
    for (let sent = 0; sent < items.length; sent += scenario.chunk) {
      const chunk = items.slice(sent, sent + scenario.chunk);
      const { start, end } = await fanIn.allocate(JOB, chunk.length, { key: `from ${sent}` });
      if (start !== sent || end !== sent + chunk.length)
        throw new Error(`expected ${sent} to ${sent + chunk.length}, got ${start} to ${end}`);
      await send({ sqs, queueUrl } as Hands, chunk);
    }
    await fanIn.seal(JOB, items.length);
  }

  async function send({ sqs }: Hands, chunk: readonly { readonly index: number }[]): Promise<void> {
    const Entries = chunk.map(({ index }) => ({
      Id: `${index}`,
      MessageBody: JSON.stringify(toEnvelope(JOB, index, { index })),
    }));
    await sqs.send({ input: { Entries } } as never);
  }

  return {
    async publisher(environment) {
      const { hands, fanIn } = equip(environment);
      const { sqs: client, queueUrl } = hands;
      // One request a chunk: what it cannot send is settled as failed, which is the harder case.
      const toMessage = (item: { readonly index: number }) => {
        if (plan[item.index] === 'u') throw new NonRetryableError('no message');
        return { body: item };
      };
      const publish = { ...open, toMessage, retry: { maxAttempts: 0 } };
      const target = { client, queueUrl, fanIn };
      if (scenario.publishing === 'chunks') return publishChunks(hands, fanIn);
      if (scenario.publishing === 'array') return fanOutToQueue(target, JOB, items, publish);
      if (scenario.publishing === 'stream')
        return fanOutToQueue(target, JOB, items.values(), { ...publish, maxItems });
      await fanIn.open(JOB, { ...open, total: items.length });
      if (items.length > 0) await send(hands, items);
    },

    async worker(environment, messages) {
      const { fanIn } = equip(environment);
      const handler = createWorker({
        input: anyIndex,
        fanIn,
        ...(Number.isFinite(maxReceiveCount) ? { maxReceiveCount } : {}),
        process({ index }, { receiveCount = 1 }) {
          const behaviour = plan[index];
          if (behaviour === 'd') throw new Error('not today');
          if (behaviour === 'f' || (behaviour === 'x' && receiveCount > 1))
            throw new NonRetryableError('never');
          return `${index}/${receiveCount}`;
        },
      });
      return handler(eventOf(messages));
    },

    async deadLetterHandler(environment, messages) {
      return createDeadLetterHandler({ fanIn: equip(environment).fanIn })(eventOf(messages));
    },

    async sweeper(environment) {
      const { failed } = await createSweeper({ fanIn: equip(environment).fanIn })();
      if (failed.length > 0) throw new Error('the sweep could not heal everything');
    },

    async canceller(environment) {
      await equip(environment).fanIn.cancel(JOB, 'enough');
    },
  };
}
