import { NonRetryableError } from 'fanfold';
import type { Trade } from './trade.js';

/** An order as brokers take it. */
export interface Order extends Trade {
  readonly account_id: string;
  /** The trade's id: the broker answers an order that it has seen before as it did then, and places nothing. */
  readonly client_order_id: string;
}

/**
 * Where trades are placed. A definite refusal is an {@link orderRejected}; any other error means that the order may
 * or may not have been placed, and that the same order must be asked for again.
 */
export interface Broker {
  place(order: Order, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** The broker has said no, and will say so again. */
export const orderRejected = (reason: string): NonRetryableError =>
  new NonRetryableError(reason, { code: 'OrderRejected' });
