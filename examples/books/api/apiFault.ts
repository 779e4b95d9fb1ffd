import { fraction } from './fraction.js';

/** The API's bad answers, as HTTP status codes. */
export type FaultStatus = 404 | 429 | 500 | 503;

/** What the API answers for a title on a given attempt, when it does not simply answer. */
export interface ApiFault {
  readonly status: FaultStatus;
  /** Which part of the usual latency the answer takes: a server that sheds load does so at once. */
  readonly latencyShare: number;
}

const UNAVAILABLE_RATE = 0.02;
const THROTTLED_RATE = 0.005;
/** A transient fault is always over by this attempt, so that it never decides how an item ends. */
const LAST_TRANSIENT_ATTEMPT = 2;

/** These fail on every attempt and end in the dead-letter queue. */
const brokenTitles = new Set(['Moby-Dick', "Gravity's Rainbow", 'Infinite Jest']);
/** This one is refused for good, so that trying again would be a waste. */
const unknownTitles = new Set(['The Man Without Qualities']);
/** This one is throttled at first, so that every seed has one that is. */
const busyTitles = new Set(['Dune Messiah']);

const THROTTLED: ApiFault = { status: 429, latencyShare: 0.02 };

/**
 * Which fault a request meets. It depends on the seed, the title and the attempt only, never on time or order:
 * duplicates, crashes and another concurrency therefore change no item's end.
 */
export function apiFault(seed: number, title: string, attempt: number): ApiFault | undefined {
  if (brokenTitles.has(title)) return { status: 500, latencyShare: 0.5 };
  if (unknownTitles.has(title)) return { status: 404, latencyShare: 1 };
  if (attempt === 1 && busyTitles.has(title)) return THROTTLED;
  if (attempt > LAST_TRANSIENT_ATTEMPT) return undefined;
  const drawn = fraction('fault', seed, title, attempt);
  if (drawn < UNAVAILABLE_RATE) return { status: 503, latencyShare: 0.1 };
  if (drawn < UNAVAILABLE_RATE + THROTTLED_RATE) return THROTTLED;
  return undefined;
}
