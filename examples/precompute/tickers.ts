const SYMBOLS =
  'AAPL ABBV ABT ADBE AMD AMZN AVGO BAC BRK.B C CAT COST CRM CSCO CVX DIS GE GOOGL GS HD HON IBM INTC INTU ISRG JNJ JPM KO LIN LLY MA MCD META MRK MSFT NFLX NOW NVDA ORCL PEP PFE PG PM QCOM TSLA WMT'.split(
    ' ',
  );

/** An item as the state machines take it. */
export interface TickerItem {
  readonly ticker: string;
}

/** That many tickers: 46 real symbols, then made-up ones. */
export function listTickers(count: number): TickerItem[] {
  return Array.from({ length: count }, (_, index) => ({ ticker: SYMBOLS[index] ?? `T${index + 1}` }));
}
