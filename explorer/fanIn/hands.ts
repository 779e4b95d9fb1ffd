import type { OnComplete } from '../../src/aggregation/fanIn.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import type { AwsClient } from '../../src/peers.js';
import type { Environment } from '../process.js';
import { yielding, yieldingList } from '../yielding.js';

/** What a process under exploration works with, instead of AWS, a clock and chance. */
export interface Hands {
  readonly store: FanInStore;
  readonly onComplete: OnComplete;
  readonly sqs: AwsClient;
  readonly queueUrl: string;
  readonly now: () => number;
  readonly randomId: () => string;
}

const METHODS = [
  'createMeta',
  'readMeta',
  'changeMeta',
  'putDetails',
  'readDetails',
  'createNode',
  'growNode',
  'sealLeaf',
  'sealBranch',
  'readLeaves',
  'readBranches',
  'addToLeaf',
  'addToBranch',
  'keepRecord',
  'readRecord',
  'listDue',
  'readCursor',
  'advanceCursor',
] as const satisfies readonly (keyof FanInStore)[];

/** A store whose every call is a yield point. */
function yieldingStore(environment: Environment): FanInStore {
  return {
    ...yielding<FanInStore>(environment, METHODS),
    readResults: (...args) => yieldingList(environment, 'readResults', ...args),
  };
}

/** An SQS client whose every call is a yield point; it knows `SendMessageBatch`. */
function yieldingQueue({ call }: Environment): AwsClient {
  return {
    async send(command: { readonly input: { readonly Entries: { Id: string; MessageBody: string }[] } }) {
      const { Entries } = command.input;
      await call(
        'send',
        Entries.map(({ MessageBody }) => MessageBody),
      );
      return { Successful: Entries.map(({ Id }) => ({ Id, MessageId: Id })) };
    },
  };
}

export function createHands(environment: Environment): Hands {
  return {
    store: yieldingStore(environment),
    onComplete: (summary) => environment.call('onComplete', summary),
    sqs: yieldingQueue(environment),
    queueUrl: 'https://sqs.eu-west-1.amazonaws.com/000000000000/items',
    now: environment.now,
    randomId: environment.randomId,
  };
}
