// `npm start`: set-up where something is stale, then the server.
import { join } from 'node:path';
import { explain, passSignals, runChild } from './run-child.mjs';
import { requireNode, root, serverEnvironment, setUp } from './setup.mjs';

requireNode();
passSignals();
try {
  await setUp();
  const main = join(root, 'dist', 'src', 'main.js');
  process.exitCode = await runChild([main, ...process.argv.slice(2)], { env: serverEnvironment(), watch: true });
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
