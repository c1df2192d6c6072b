// Runs the process that does the work, with signals going down and the exit code coming up.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { interruptSetUp, root, SetupFailed } from './setup.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const parentPollMilliseconds = 200;
let child;
let isStopping = false;

/** Signals end a set-up step, or reach the child once; a terminal sends Ctrl-C to the child by itself. */
export function passSignals() {
  for (const signal of signals) process.on(signal, () => stop(signal));
  watchParent();
}

function stop(signal) {
  // npm passes on what the terminal has sent to everybody, so the same wish arrives more than once.
  if (isStopping) return;
  isStopping = true;
  if (child === undefined) {
    interruptSetUp(signal);
    process.exit(exitCodeOf(signal));
  }
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
}

// npm runs us through a shell that dies of SIGTERM without passing it on: nobody would know of what it leaves behind.
function watchParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop('SIGTERM'), parentPollMilliseconds).unref();
}

function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

/** Resolves with the exit code. With `watch` the child sees through its IPC channel when this process is gone. */
export function runChild(parameters, { env = process.env, watch = false } = {}) {
  return new Promise((resolve) => {
    const stdio = watch ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    child = spawn(process.execPath, parameters, { env, stdio });
    child.on('error', (error) => {
      console.error(`${parameters.at(0)} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? exitCodeOf(signal)));
  });
}

/** Prints a failed set-up in plain words; anything else is a bug and keeps its stack. */
export function explain(error) {
  if (error instanceof SetupFailed) console.error(error.message);
  else if (['EACCES', 'EROFS', 'EPERM', 'ENOSPC'].includes(error?.code)) {
    console.error(
      `Set-up cannot write below ${root} (${error.message}): make it writable for this user, or free some space.`,
    );
  } else console.error(error);
}
