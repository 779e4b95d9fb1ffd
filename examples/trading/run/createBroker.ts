import { setTimeout as pause } from 'node:timers/promises';
import { FanfoldError } from 'fanfold';
import { type Broker, type Order, orderRejected } from '../trades/broker.js';

export interface BrokerOptions {
  readonly rejects: (order: Order) => boolean;
  /** Whether the reply to this request, counted from 1, is lost; the order counts. */
  readonly losesReply: (order: Order, request: number) => boolean;
  /** Waits as long as an order takes. @default 80 ms */
  readonly wait?: () => Promise<unknown>;
}

/** What a broker has seen of one account. */
export interface AccountLog {
  readonly placed: number;
  /** Requests for an order that was under way, or whose answer had arrived: nobody should have asked. */
  readonly repeated: number;
  /** Requests for an order whose reply had been lost. */
  readonly askedAgain: number;
  readonly rejectedBuys: number;
  readonly peakInFlight: number;
  /** BUYs that were asked for while a SELL was, and SELLs that were asked for after a BUY. */
  readonly earlyBuys: number;
  /** The value of the BUYs that were placed. It never falls: its last value is its highest. */
  readonly boughtCents: number;
}

/** An order that the broker has heard of. */
interface KnownOrder {
  verdict: 'placed' | 'rejected' | undefined;
  requests: number;
  isUnderWay: boolean;
  isAnswered: boolean;
}

const newAccount = () => ({
  log: {
    ...{ placed: 0, repeated: 0, askedAgain: 0, rejectedBuys: 0 },
    ...{ peakInFlight: 0, earlyBuys: 0, boughtCents: 0 },
  },
  inFlight: { BUY: 0, SELL: 0 },
  buysSeen: 0,
});

type Account = ReturnType<typeof newAccount>;

function noteRequest({ log, inFlight, ...account }: Account, known: KnownOrder, side: Order['side']): void {
  if (known.isUnderWay || known.isAnswered) log.repeated += 1;
  else if (known.requests > 0) log.askedAgain += 1;
  if (side === 'BUY' ? inFlight.SELL > 0 : account.buysSeen > 0) log.earlyBuys += 1;
}

function decide({ log }: Account, known: KnownOrder, order: Order, isRejected: boolean): void {
  if (known.verdict !== undefined) return;
  known.verdict = isRejected ? 'rejected' : 'placed';
  const isBuy = order.side === 'BUY';
  if (!isRejected) log.placed += 1;
  if (!isRejected && isBuy) log.boughtCents += order.amount_cents;
  if (isRejected && isBuy) log.rejectedBuys += 1;
}

/** A stand-in that answers an order that it knows as it did before, and watches what is asked of it. */
export function createBroker({ rejects, losesReply, wait = () => pause(80) }: BrokerOptions) {
  const orders = new Map<string, KnownOrder>();
  const accounts = new Map<string, Account>();
  const accountOf = (id: string): Account => {
    const account = accounts.get(id) ?? newAccount();
    accounts.set(id, account);
    return account;
  };
  const orderOf = (id: string): KnownOrder => {
    const order = orders.get(id) ?? {
      ...{ verdict: undefined, requests: 0, isUnderWay: false, isAnswered: false },
    };
    orders.set(id, order);
    return order;
  };

  const broker: Broker = {
    async place(order) {
      const { account_id, client_order_id, side, trade_id } = order;
      const [account, known] = [accountOf(account_id), orderOf(client_order_id)];
      const { inFlight, log } = account;
      noteRequest(account, known, side);
      known.requests += 1;
      known.isUnderWay = true;
      if (side === 'BUY') account.buysSeen += 1;
      inFlight[side] += 1;
      log.peakInFlight = Math.max(log.peakInFlight, inFlight.BUY + inFlight.SELL);
      const request = known.requests;
      try {
        await wait();
        decide(account, known, order, rejects(order));
      } finally {
        inFlight[side] -= 1;
        known.isUnderWay = false;
      }
      if (losesReply(order, request)) {
        throw new FanfoldError('BrokerUnreachable', 'the reply was lost', { retryable: true });
      }
      known.isAnswered = true;
      if (known.verdict === 'rejected') throw orderRejected(`${trade_id}: the broker rejected it`);
    },
  };
  return { broker, logOf: (accountId: string): AccountLog => accountOf(accountId).log };
}
