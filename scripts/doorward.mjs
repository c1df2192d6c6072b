#!/usr/bin/env node
// The `doorward` command. From a source checkout it sets up first where something is stale.
import { join } from 'node:path';
import { explain, passSignals, runChild } from './run-child.mjs';
import { isSourceCheckout, requireNode, root, serverEnvironment, setUp } from './setup.mjs';

requireNode();
passSignals();
try {
  if (await isSourceCheckout()) await setUp();
  const words = process.argv.slice(2);
  // The server as under `npm start`: it sees when this process is gone.
  const isStart = words.length === 1 && words[0] === 'start';
  const program = join(root, 'dist', 'src', isStart ? 'main.js' : join('cli', 'doorward.js'));
  process.exitCode = await runChild([program, ...words], { env: serverEnvironment(), watch: isStart });
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
