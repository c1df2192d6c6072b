// Jest reporter: leaves the counts where scripts/test.mjs finds them after jest has said everything.
import { writeFileSync } from 'node:fs';

export default class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    // Jest hands options to reporters from a configuration file only.
    if (process.env.JEST_COUNTS_FILE) writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify(counts));
  }
}
