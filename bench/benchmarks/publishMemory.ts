import { childNumber } from '../core/childJson.js';
import { compare } from '../core/compare.js';
import { atMost, type Benchmark, toMeasure } from '../core/measure.js';

const grow = (contestant: string, messages: number) => async () => ({
  mb: await childNumber('--expose-gc', 'out/children/publishMemory.mjs', contestant, String(messages)),
});

/** How far memory grows while a stream is published, each run in a process of its own. */
export const benchmark: Benchmark = {
  title: 'Publishing: memory',
  async run(isSmoke) {
    const messages = isSmoke ? 5_000 : 1_000_000;
    const comparison = await compare(
      { fanfold: grow('fanfold', messages), 'bare p-limit loop': grow('bareLoop', messages) },
      { rounds: isSmoke ? 1 : 2, warmUps: 0, atMost: { 'bare p-limit loop': 1 } },
    );
    return [
      toMeasure(comparison.runsOf('mb', 'fanfold', 'bare p-limit loop'), {
        what: `publish ${messages.toLocaleString('en')} messages from a generator: growth of the resident set`,
        unit: 'MB',
        targets: (_, { high }) => [atMost(64, 'MB in any run', high)],
      }),
    ];
  },
};
