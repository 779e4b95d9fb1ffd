import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { TickerItem } from '../tickers.js';

/** An execution that is over. */
export interface Ended {
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Its output, parsed; `undefined` when it failed. */
  readonly output: unknown;
  readonly reason: string;
  /** The types of its history's events, in order. */
  readonly events: readonly string[];
}

const LOOK_EVERY_MS = 20;

async function readHistory(sfn: SFNClient, executionArn: string): Promise<string[]> {
  const types: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = { executionArn, maxResults: 1_000, includeExecutionData: false, nextToken };
    const reply = await sfn.send(new GetExecutionHistoryCommand(page));
    for (const { type = '' } of reply.events ?? []) types.push(type);
    nextToken = reply.nextToken;
  } while (nextToken !== undefined);
  return types;
}

/** Runs a state machine over the tickers to its end. */
export async function execute(
  sfn: SFNClient,
  stateMachineArn: string,
  name: string,
  tickers: readonly TickerItem[],
): Promise<Ended> {
  const input = JSON.stringify({ ticker_list: { tickers } });
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  for (;;) {
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', startDate, stopDate, output, error, cause } = described;
    if (startDate === undefined || stopDate === undefined) {
      await pause(LOOK_EVERY_MS);
      continue;
    }
    return {
      ...{ name, status, startedAt: startDate.getTime(), endedAt: stopDate.getTime() },
      output: output === undefined ? undefined : JSON.parse(output),
      reason: [error, cause].filter((part) => part !== undefined).join(': '),
      events: await readHistory(sfn, executionArn),
    };
  }
}
