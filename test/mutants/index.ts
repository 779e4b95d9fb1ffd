import type { Mutant } from '../../explorer/mutant.js';
export const mutants: readonly Mutant[] = [];
