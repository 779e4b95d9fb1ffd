import { toMutant } from '../../explorer/fanIn/fanInModel.js';
import type { Mutant } from '../../explorer/model.js';
import { acknowledgeDuplicate } from './fanIn/acknowledgeDuplicate.js';
import { acknowledgeHeldLease } from './fanIn/acknowledgeHeldLease.js';
import { capacityIgnored } from './fanIn/capacityIgnored.js';
import { capacityNotFrozen } from './fanIn/capacityNotFrozen.js';
import { cursorBeforePublish } from './fanIn/cursorBeforePublish.js';
import { decideAgain } from './fanIn/decideAgain.js';
import { deliveredBeforeDecided } from './fanIn/deliveredBeforeDecided.js';
import { ghostAfterExpiry } from './fanIn/ghostAfterExpiry.js';
import { leaseWithoutOwner } from './fanIn/leaseWithoutOwner.js';
import { noLease } from './fanIn/noLease.js';
import { openedAsItStands } from './fanIn/openedAsItStands.js';
import { openedTooEarly } from './fanIn/openedTooEarly.js';
import { parentBeforeChild } from './fanIn/parentBeforeChild.js';
import { plainCounter } from './fanIn/plainCounter.js';
import { releaseWithoutOwner } from './fanIn/releaseWithoutOwner.js';
import { resultAfterSettle } from './fanIn/resultAfterSettle.js';
import { sealWithoutRecheck } from './fanIn/sealWithoutRecheck.js';
import { toleranceCountedTwice } from './fanIn/toleranceCountedTwice.js';

/** Every protocol that is broken on purpose. The explorer must catch each of them. */
export const mutants: readonly Mutant[] = [
  ...[
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
  ].map(toMutant),
];
