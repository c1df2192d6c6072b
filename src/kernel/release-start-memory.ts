import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const AFTER_MS = 5000;
const AGAIN_AFTER_MS = 500;

/**
 * Reading the program leaves tens of megabytes that nothing refers to. V8 gives them back when work makes it look, which
 * in a server that nobody uses yet may be never: it looks once, when the first requests have been answered. Pages go back
 * to the system with the second look only.
 */
export function releaseStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const look = () => {
    collect();
    setTimeout(collect, AGAIN_AFTER_MS).unref();
  };
  setTimeout(look, AFTER_MS).unref();
}
