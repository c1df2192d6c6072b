const LARGEST_BATCH = 64;
const MOST_IN_FLIGHT = 2;

type Waiting<Input, Output> = {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
};

export type Batch<Input, Output> = {
  run(input: Input): Promise<Output>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
};

/**
 * Gathers what is asked for in one turn of the event loop into one statement. With two statements under way the rest waits
 * and gathers more: under load batches grow instead of the number of statements.
 * When a batch fails, each input is tried alone, so that one bad input refuses only its own request.
 */
export function createBatch<Input, Output>(
  execute: (inputs: readonly Input[]) => Promise<readonly Output[]>,
): Batch<Input, Output> {
  let waiting: Waiting<Input, Output>[] = [];
  let inFlight = 0;
  let isScheduled = false;
  let onIdle: (() => void)[] = [];

  const settleAlone = async (one: Waiting<Input, Output>): Promise<void> => {
    try {
      const [output] = await execute([one.input]);
      one.resolve(output as Output);
    } catch (error) {
      one.reject(error);
    }
  };
  const settle = async (batch: readonly Waiting<Input, Output>[]): Promise<void> => {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) return settleAlone(first);
    try {
      const outputs = await execute(batch.map((one) => one.input));
      batch.forEach((one, index) => {
        one.resolve(outputs[index] as Output);
      });
    } catch {
      for (const one of batch) await settleAlone(one);
    }
  };
  const start = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && inFlight < MOST_IN_FLIGHT) {
      const batch = waiting.slice(0, LARGEST_BATCH);
      waiting = waiting.slice(batch.length);
      inFlight += 1;
      void settle(batch).finally(() => {
        inFlight -= 1;
        if (waiting.length > 0) start();
        else if (inFlight === 0) {
          for (const done of onIdle) done();
          onIdle = [];
        }
      });
    }
  };

  return {
    run: (input) =>
      new Promise((resolve, reject) => {
        waiting.push({ input, resolve, reject });
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(start);
      }),
    idle: () => (waiting.length === 0 && inFlight === 0 ? Promise.resolve() : new Promise((done) => onIdle.push(done))),
  };
}
