import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FanfoldError } from 'fanfold';
import { type Publish, SOURCE } from './tradingEvent.js';

/** What is refused for good; everything else that an entry can fail with passes. */
const permanent: readonly (string | undefined)[] = [
  ...['InvalidArgument', 'MalformedDetail', 'NotAuthorizedForSourceException'],
];

/**
 * Sends events to EventBridge. A reply with status 200 can hold an entry that failed: that is an error here. A reply
 * that is lost makes the SDK send the event again, and EventBridge does not deduplicate. IAM: `events:PutEvents`.
 */
export function createPublish(client: EventBridgeClient, eventBusName = 'default'): Publish {
  return async ({ detailType, detail }) => {
    const entry = { Source: SOURCE, DetailType: detailType, Detail: JSON.stringify(detail) };
    const command = new PutEventsCommand({ Entries: [{ ...entry, EventBusName: eventBusName }] });
    const { FailedEntryCount = 0, Entries = [] } = await client.send(command);
    if (FailedEntryCount === 0) return;
    const { ErrorCode, ErrorMessage } = Entries[0] ?? {};
    throw new FanfoldError('EventNotPut', `${detailType}: ${ErrorCode}: ${ErrorMessage}`, {
      retryable: !permanent.includes(ErrorCode),
    });
  };
}
