import { toMutant } from '../../explorer/fanIn/fanInModel.js';
import type { Mutant } from '../../explorer/model.js';
import { budgetCrosserNotKept } from './budget/budgetCrosserNotKept.js';
import { budgetCrosserReplaced } from './budget/budgetCrosserReplaced.js';
import { budgetEpochIgnored } from './budget/budgetEpochIgnored.js';
import { budgetFlushBeforeMarkers } from './budget/budgetFlushBeforeMarkers.js';
import { budgetFlushTakesAll } from './budget/budgetFlushTakesAll.js';
import { budgetLimitUnchecked } from './budget/budgetLimitUnchecked.js';
import { budgetMarkerUnread } from './budget/budgetMarkerUnread.js';
import { budgetPendingUnbounded } from './budget/budgetPendingUnbounded.js';
import { budgetReadThenWrite } from './budget/budgetReadThenWrite.js';
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
import { jobByAttemptOnly } from './jobs/jobByAttemptOnly.js';
import { jobCreatedOver } from './jobs/jobCreatedOver.js';
import { jobFailureIgnored } from './jobs/jobFailureIgnored.js';
import { jobLeaseIgnored } from './jobs/jobLeaseIgnored.js';
import { jobLeaseWithoutExpiry } from './jobs/jobLeaseWithoutExpiry.js';
import { jobResetIgnoresAttempt } from './jobs/jobResetIgnoresAttempt.js';
import { jobResultBeforeState } from './jobs/jobResultBeforeState.js';
import { jobSharedClaimCheck } from './jobs/jobSharedClaimCheck.js';
import { jobWithoutOwner } from './jobs/jobWithoutOwner.js';
import { semaphoreCountedBefore } from './semaphore/semaphoreCountedBefore.js';
import { semaphoreEvictsRenewed } from './semaphore/semaphoreEvictsRenewed.js';
import { semaphoreFailureIgnored } from './semaphore/semaphoreFailureIgnored.js';
import { semaphoreLeaseWithoutExpiry } from './semaphore/semaphoreLeaseWithoutExpiry.js';
import { semaphoreReleaseByKey } from './semaphore/semaphoreReleaseByKey.js';
import { semaphoreRenewByKey } from './semaphore/semaphoreRenewByKey.js';

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
  jobWithoutOwner,
  jobByAttemptOnly,
  jobLeaseWithoutExpiry,
  jobLeaseIgnored,
  jobResultBeforeState,
  jobResetIgnoresAttempt,
  jobCreatedOver,
  jobFailureIgnored,
  jobSharedClaimCheck,
  semaphoreReleaseByKey,
  semaphoreRenewByKey,
  semaphoreLeaseWithoutExpiry,
  semaphoreCountedBefore,
  semaphoreEvictsRenewed,
  semaphoreFailureIgnored,
  budgetReadThenWrite,
  budgetMarkerUnread,
  budgetEpochIgnored,
  budgetFlushTakesAll,
  budgetFlushBeforeMarkers,
  budgetCrosserReplaced,
  budgetCrosserNotKept,
  budgetLimitUnchecked,
  budgetPendingUnbounded,
];
