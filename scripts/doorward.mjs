#!/usr/bin/env node
// The `doorward` command. From a source checkout it sets up first where something is stale.
import { join } from 'node:path';
import { explain, passSignals, runChild } from './run-child.mjs';
import { isSourceCheckout, requireNode, root, serverEnvironment, setUp } from './setup.mjs';

requireNode();
passSignals();
try {
  if (await isSourceCheckout()) await setUp();
  const cli = join(root, 'dist', 'src', 'cli', 'doorward.js');
  process.exitCode = await runChild([cli, ...process.argv.slice(2)], { env: serverEnvironment() });
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
