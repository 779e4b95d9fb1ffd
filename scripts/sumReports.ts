import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Adds up the test runners' own reports and prints the line by which a run is judged. */
const folder = 'out/reports';
let passed = 0;
let failed = 0;
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()) {
  const report = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
    success: boolean;
  };
  // A file that could not even be loaded has failed, though it holds no test.
  const broken = report.success || report.numFailedTests > 0 ? 0 : Math.max(1, report.numFailedTestSuites);
  console.log(`${file}: ${report.numPassedTests} passed, ${report.numFailedTests + broken} failed`);
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
