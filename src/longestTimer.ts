/** The longest that a timer waits, in ms: `setTimeout` fires at once when asked for more. */
export const LONGEST_TIMER_MS = 2_147_483_647;
