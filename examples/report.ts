/** Prints what an example found, as JSON or as its summary, and answers its exit code: 1 where a promise was broken. */
export function report<Result extends { readonly broken: readonly string[] }>(
  result: Result,
  json: boolean,
  summary: (result: Result) => string,
): 0 | 1 {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : summary(result));
  for (const promise of result.broken) process.stderr.write(`broken promise: ${promise}\n`);
  return result.broken.length === 0 ? 0 : 1;
}
