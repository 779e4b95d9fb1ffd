/** Where all events of this example come from. */
export const SOURCE = 'fanfold.trading';

/** An event before EventBridge gives it an id and a time. */
export interface TradingEvent {
  readonly detailType: 'SignalGenerated' | 'WorkflowFailed' | 'BuysBlocked' | 'AllTradesCompleted';
  /** JSON, of less than 256 KB. */
  readonly detail: object;
}

/** Sends an event; resolves once EventBridge has it. It may then come to its consumers more than once. */
export type Publish = (event: TradingEvent) => Promise<void>;
