import { entryBudgets, primitiveBudgets } from './core/budgets.js';
import { install, installPackage } from './core/prepare.js';

/** `npm run check:sizes`: fails when an entry or a primitive weighs more than its budget. */
await install();
await installPackage();
const { entryCode, gzipKb, namesCode } = await import('./core/bundle.js');

let over = 0;
const check = async (what: string, code: string, budget: number): Promise<void> => {
  const kb = await gzipKb(code);
  if (kb > budget) over += 1;
  console.log(
    `${kb.toFixed(2).padStart(6)} of ${budget.toFixed(1).padStart(5)} KB  ${what}${kb > budget ? '  OVER' : ''}`,
  );
};
for (const [entry, { kb }] of Object.entries(entryBudgets)) await check(entry, entryCode(entry), kb);
for (const [names, { kb }] of Object.entries(primitiveBudgets)) await check(names, namesCode(names), kb);
console.log(over === 0 ? 'every bundle is within its budget' : `${over} over budget`);
process.exitCode = over === 0 ? 0 : 1;
