import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateStateMachine } from './validateStateMachine.js';

/** Every state machine that we publish. */
async function published(): Promise<string[]> {
  const found = await Promise.all(
    ['docs', 'examples'].map(async (folder) => {
      const files = await readdir(folder, { recursive: true });
      return files.filter((file) => file.endsWith('.asl.json')).map((file) => join(folder, file));
    }),
  );
  return found.flat();
}

describe('every published state machine', async () => {
  const files = await published();

  it('is found', () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
  });

  it.each(files)('is valid to both validators: %s', async (file) => {
    expect(await validateStateMachine(JSON.parse(await readFile(file, 'utf8')))).toEqual([]);
  });
});

describe('validateStateMachine', () => {
  const single = (state: object) => ({ StartAt: 'Only', States: { Only: { ...state, End: true } } });
  const token = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' };

  it.each<[string, object, RegExp]>([
    [
      'a transition to nowhere',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
      /^asl-validator.*B/,
    ],
    [
      'a transition to nowhere',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
      /^amazon-states-language-service/,
    ],
    ['a bad path', single({ Type: 'Pass', ResultPath: '$[x' }), /^asl-validator/],
    [
      'a token task without an end',
      single({ ...token, Parameters: { 'a.$': '$$.Task.Token' } }),
      /HeartbeatSeconds/,
    ],
    [
      'heartbeats slower than the timeout',
      single({ ...token, TimeoutSeconds: 5, HeartbeatSeconds: 9 }),
      /HeartbeatSeconds/,
    ],
    [
      'a token that nobody gets',
      single({ ...token, TimeoutSeconds: 9, HeartbeatSeconds: 5 }),
      /\$\$\.Task\.Token/,
    ],
  ])('finds %s', async (_what, definition, message) => {
    expect(await validateStateMachine({ ...definition })).toContainEqual(expect.stringMatching(message));
  });
});
