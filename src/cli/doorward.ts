// The `doorward` command: parses the command line and hands one command what it needs of this process.
import { text } from 'node:stream/consumers';
import type { Terminal } from './command.ts';
import { runCommandLine } from './run-command-line.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
// Whoever reads our output may stop reading (`| head`): that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const terminal: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  readInput: () => text(process.stdin),
  // Waits until it is written, so that a long export does not pile up in memory.
  out: (chunk) => new Promise((resolve) => void process.stdout.write(chunk, () => resolve())),
  err: (chunk) => void process.stderr.write(chunk),
  isWatched: process.stderr.isTTY === true,
  signal: stop.signal,
};

process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
