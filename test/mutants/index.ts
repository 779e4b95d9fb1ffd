import type { Mutant } from '../../explorer/mutant.js';
import { acknowledgeDuplicate } from './acknowledgeDuplicate.js';
import { acknowledgeHeldLease } from './acknowledgeHeldLease.js';
import { capacityIgnored } from './capacityIgnored.js';
import { capacityNotFrozen } from './capacityNotFrozen.js';
import { cursorBeforePublish } from './cursorBeforePublish.js';
import { decideAgain } from './decideAgain.js';
import { deliveredBeforeDecided } from './deliveredBeforeDecided.js';
import { ghostAfterExpiry } from './ghostAfterExpiry.js';
import { leaseWithoutOwner } from './leaseWithoutOwner.js';
import { noLease } from './noLease.js';
import { openedAsItStands } from './openedAsItStands.js';
import { openedTooEarly } from './openedTooEarly.js';
import { parentBeforeChild } from './parentBeforeChild.js';
import { plainCounter } from './plainCounter.js';
import { releaseWithoutOwner } from './releaseWithoutOwner.js';
import { resultAfterSettle } from './resultAfterSettle.js';
import { sealWithoutRecheck } from './sealWithoutRecheck.js';
import { toleranceCountedTwice } from './toleranceCountedTwice.js';

/** Every protocol that is broken on purpose. The explorer must catch each of them. */
export const mutants: readonly Mutant[] = [
  plainCounter,
  acknowledgeDuplicate,
  sealWithoutRecheck,
  parentBeforeChild,
  noLease,
  leaseWithoutOwner,
  releaseWithoutOwner,
  acknowledgeHeldLease,
  deliveredBeforeDecided,
  decideAgain,
  ghostAfterExpiry,
  resultAfterSettle,
  capacityNotFrozen,
  capacityIgnored,
  toleranceCountedTwice,
  cursorBeforePublish,
  openedTooEarly,
  openedAsItStands,
];
