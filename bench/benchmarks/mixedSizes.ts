import { publishMessages } from 'fanfold';
import { createRandom } from '../../examples/createRandom.js';
import { pick } from '../../explorer/pick.js';
import { atMost, type Benchmark, toMeasure } from '../core/measure.js';
import { callsInOrder, fewestCalls, mixedSizes } from '../core/mixedSizes.js';
import { slowQueue } from '../core/slowQueue.js';

const queueUrl = 'http://localhost/000000000000/bench';
const POOL = 200;

/** How many calls messages of mixed sizes take. A bare loop by tens is not among them: SQS would refuse its calls. */
export const benchmark: Benchmark = {
  title: 'Publishing: mixed sizes',
  async run(isSmoke) {
    const count = isSmoke ? 300 : 10_000;
    // Few bodies, used again and again: ten thousand would be 1.5 GB.
    const bodies = mixedSizes(POOL).map((size) => 'x'.repeat(size));
    const random = createRandom(1);
    const messages = Array.from({ length: count }, () => ({ body: pick(random, bodies) ?? 'x' }));
    const sizes = messages.map(({ body }) => body.length);
    const { client, accepted, calls } = slowQueue(0);
    await publishMessages({ client, queueUrl }, messages);
    if (accepted() !== count) throw new Error(`${accepted()} of ${count} arrived`);
    return [
      toMeasure(
        [
          ['fanfold', [calls()]],
          ['the bin-packing bound', [fewestCalls(sizes)]],
          ['in order, by count and bytes', [callsInOrder(sizes)]],
        ],
        {
          what: `publish ${count.toLocaleString('en')} messages of 1 KB to 1 MB`,
          unit: 'calls',
          targets: (ratioOf) => [atMost(1.02, '× the bound', 1 / ratioOf('the bin-packing bound'))],
        },
      ),
    ];
  },
};
