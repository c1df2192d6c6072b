import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_EVERY_MS = 5000;
const AGAIN_AFTER_MS = 500;
/** Of its time, what a server does that nobody uses. */
const QUIET = 0.05;

/**
 * Reading the program leaves tens of megabytes that nothing refers to. V8 gives them back when work makes it look, which
 * in a server that nobody uses yet may be never: it looks once, at the first quiet moment, since looking stops the process for
 * a tenth of a second. Pages go back to the system with the second look only.
 */
export function releaseStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > QUIET) return;
    clearInterval(timer);
    collect();
    setTimeout(collect, AGAIN_AFTER_MS).unref();
  }, LOOK_EVERY_MS).unref();
}
