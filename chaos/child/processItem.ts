import { setTimeout as sleep } from 'node:timers/promises';
import { NonRetryableError } from 'fanfold';
import { random } from '../../src/local/random.js';
import { kindOf } from '../itemKind.js';
import { limits } from '../limits.js';
import type { ItemResult } from './connect.js';

/** The work of one item, as its kind has it. */
export async function processItem(seed: number, index: number, receiveCount: number): Promise<ItemResult> {
  const kind = kindOf(seed, index);
  const first = receiveCount <= 1;
  const roll = random(seed, 'duration', index);
  if (kind === 'slow') await sleep(100 + 200 * roll);
  else if (kind === 'overlong' && first) await sleep(1_300 * limits.visibilityTimeoutSeconds);
  else await sleep(5 + 55 * roll);
  if (kind === 'permanent') throw new NonRetryableError(`item ${index} is permanent`, { code: 'Permanent' });
  if (kind === 'hopeless') throw new Error(`item ${index} is hopeless`);
  if (kind === 'transient' && first) throw new Error(`item ${index} is transient`);
  return { item: index };
}
