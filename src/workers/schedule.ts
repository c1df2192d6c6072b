export type Duty = {
  /** Runs it now, or joins the run under way; for a shutdown and for tests that do not wait. */
  runNow(): Promise<void>;
  /** No run begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
};

export type DutyParts = {
  readonly name: string;
  readonly everyMs: number;
  /** Gets a signal that is aborted by `stop`: long runs look at it between their steps. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
  readonly onError: (error: unknown, name: string) => void;
};

/** Processes that started together must not knock together for ever: each pause is up to a tenth longer or shorter. */
const JITTER = 0.1;

/**
 * Runs something again and again, never twice at once: the pause begins when a run has ended. A failed run is reported
 * and tried again after the usual pause. The timer keeps no process alive.
 */
export function startDuty({ name, everyMs, run, onError }: DutyParts): Duty {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const schedule = (): void => {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => void runNow(), everyMs * (1 + JITTER * (2 * Math.random() - 1)));
    timer.unref();
  };
  const runNow = (): Promise<void> => {
    if (running) return running;
    if (stopping.signal.aborted) return Promise.resolve();
    clearTimeout(timer);
    running = attempt().finally(() => {
      running = undefined;
      schedule();
    });
    return running;
  };
  const attempt = async (): Promise<void> => {
    try {
      await run(stopping.signal);
    } catch (error) {
      onError(error, name);
    }
  };

  schedule();
  return {
    runNow,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
