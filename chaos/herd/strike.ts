import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '../../src/local/random.js';
import type { ChildMessage } from '../child/report.js';
import type { RunPlan } from '../plan.js';
import type { Herd, Member } from './createHerd.js';

const MIN_GAP_MS = 80;
const MAX_GAP_MS = 350;
const MAX_DELAY_MS = 15;

/** Kills processes at random moments, as often as the plan has it, from the moment that work is under way. */
export async function strikeAtRandom(
  herd: Herd,
  { seed, strikes }: RunPlan,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; n < strikes && !signal.aborted; ) {
    await sleep(MIN_GAP_MS + (MAX_GAP_MS - MIN_GAP_MS) * random(seed, 'gap', n));
    if (herd.tally.received.size === 0) continue;
    const members = herd.members();
    const victim = members[Math.floor(random(seed, 'victim', n) * members.length)];
    if (victim === undefined || signal.aborted) continue;
    herd.kill(victim);
    n += 1;
  }
}

/**
 * Kills where chance alone seldom hits: the publisher after so many messages (and for good, where the plan abandons the
 * job), and whoever begins to deliver the completion, a moment later.
 */
export function createAmbush(
  { seed, mode, publisherDeaths, deliveryDeaths }: RunPlan,
  signal: AbortSignal,
): (herd: Herd, member: Member, message: ChildMessage) => void {
  let deaths = 0;
  let cutOff = 0;
  return (herd, member, message) => {
    if (signal.aborted) return;
    if (message.event === 'published' && herd.tally.published > (publisherDeaths[deaths] ?? Infinity)) {
      deaths += 1;
      herd.kill(member, { replaced: mode !== 'abandoned' || deaths < publisherDeaths.length });
    }
    if (message.event === 'begin' && message.work === 'delivery' && cutOff < deliveryDeaths) {
      const delayMs = MAX_DELAY_MS * random(seed, 'cutOff', cutOff++);
      setTimeout(() => {
        if (!signal.aborted) herd.kill(member);
      }, delayMs);
    }
  };
}
