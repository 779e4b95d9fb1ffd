/** What becomes of a call: `fail` also stands for throttled, which to a caller is the same. */
export const outcomes = ['ok', 'fail', 'lost', 'twice'] as const;
export type CallOutcome = (typeof outcomes)[number];

/** How often the call is applied. */
export const applications: Readonly<Record<CallOutcome, number>> = { ok: 1, fail: 0, lost: 1, twice: 2 };

export const outcomeWords: Readonly<Record<CallOutcome, string>> = {
  ok: '',
  fail: 'fails before it is applied (or is throttled)',
  lost: 'is applied, and its reply is lost',
  twice: 'is applied, and applied once more by the SDK',
};
