import { fanOut } from '../../src/fanout/index.js';

const result = await fanOut(['a', 'b'], async (item) => item.length);
for (const outcome of result.outcomes) {
  const input: string = outcome.input;
  if (outcome.status === 'succeeded') {
    const value: number = outcome.value;
    // @ts-expect-error a success has no error
    outcome.error;
    void value;
  } else {
    const code: string | undefined = outcome.error.code;
    // @ts-expect-error only a success has a value
    outcome.value;
    void code;
  }
  void input;
}

async function* numbers() {
  yield 1;
}
const streamed = await fanOut(
  numbers(),
  (item, { index, attempt, signal }) => [item, index, attempt, signal.aborted] as const,
);
const [first] = streamed.outcomes;
if (first?.status === 'succeeded') {
  const value: readonly [number, number, number, boolean] = first.value;
  void value;
}

// @ts-expect-error a number is no source of items
await fanOut(5, () => 1);
// @ts-expect-error the worker takes what the source gives
await fanOut(['a'], (item: number) => item);
// @ts-expect-error options are known by name
await fanOut([], () => 1, { maxConcurrency: 5 });
// @ts-expect-error a deadline needs its margin
await fanOut([], () => 1, { deadline: { remainingMs: () => 5 } });
// @ts-expect-error results are not for writing
result.outcomes.push();
