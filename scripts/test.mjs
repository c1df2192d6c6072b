// `npm test`: set-up where something is stale, then jest with the given arguments. The last line is "N passed, N failed".
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain, passSignals, runChild } from './run-child.mjs';
import { requireNode, root, serverEnvironment, setUp } from './setup.mjs';

requireNode();
passSignals();
process.exitCode = await main().catch((error) => {
  explain(error);
  return 1;
});

async function main() {
  await setUp();
  const folder = await mkdtemp(join(tmpdir(), 'doorward-jest-'));
  const file = join(folder, 'counts.json');
  try {
    const code = await runChild(parameters(), { env: { ...serverEnvironment(), JEST_COUNTS_FILE: file } });
    const counts = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
    if (counts !== undefined) console.log(`${counts.passed} passed, ${counts.failed} failed`);
    // Jest that broke before its first test leaves no counts.
    else if (code !== 0) console.log('0 passed, 1 failed');
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parameters() {
  const node = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const reporters = ['--reporters=default', `--reporters=${join(root, 'scripts', 'closing-line-reporter.mjs')}`];
  // A list option takes every word after it, so another option stands between it and the given test paths.
  return [...node, jest, ...reporters, '--rootDir', root, ...process.argv.slice(2)];
}
