import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';

/** The launcher script starts the server itself; this is for whoever runs the built command line alone. */
export const startCommand: Command = {
  name: 'start',
  usage: '',
  summary: 'Run the server',
  run: ({ terminal }) =>
    new Promise((resolve, reject) => {
      const main = join(fileURLToPath(new URL('..', import.meta.url)), 'main.js');
      const child = spawn(process.execPath, [main], {
        env: terminal.env,
        cwd: terminal.cwd,
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      });
      terminal.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? 1));
    }),
};
