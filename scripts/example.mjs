// Runs one example beside a running server: registers what it needs (examples/doorward.yaml), then starts it.
import { join } from 'node:path';
import { explain, passSignals, runChild } from './run-child.mjs';
import { requireNode, root, serverEnvironment, setUp } from './setup.mjs';

requireNode();
passSignals();
const example = process.argv[2] ?? '';
try {
  await setUp();
  if (process.env.EXAMPLES_APPLY !== 'off') {
    const applied = await runChild(
      [
        join(root, 'dist', 'src', 'cli', 'doorward.js'),
        'apply',
        '-f',
        join(root, 'examples', 'doorward.yaml'),
        '--quiet',
      ],
      {
        env: serverEnvironment(),
      },
    );
    if (applied !== 0) process.exit(applied);
  }
  process.exitCode = await runChild([join(root, 'examples', example)]);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
