const LARGEST_BATCH = 64;
const MOST_IN_FLIGHT = 1;

type Waiting<Input, Output> = {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Gathers what is asked for in one turn of the event loop into one statement. With one under way the rest waits
 * and gathers more: under load batches grow instead of the number of statements.
 * `gatherMs` waits that long for more first, where nobody waits for the outcome.
 * When a batch fails, each input is tried alone, so that one bad input refuses only its own request.
 */
export class Batch<Input, Output> {
  readonly #execute: (inputs: readonly Input[]) => Promise<readonly Output[]>;
  readonly #gatherMs: number;
  #waiting: Waiting<Input, Output>[] = [];
  #inFlight = 0;
  #isScheduled = false;
  #onIdle: (() => void)[] = [];

  /** `execute` answers one output for each input, in their order. */
  constructor(execute: (inputs: readonly Input[]) => Promise<readonly Output[]>, gatherMs = 0) {
    this.#execute = execute;
    this.#gatherMs = gatherMs;
  }

  run(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      if (this.#gatherMs > 0) setTimeout(() => this.#start(), this.#gatherMs);
      else setImmediate(() => this.#start());
    });
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0 && this.#inFlight === 0) return Promise.resolve();
    return new Promise((done) => this.#onIdle.push(done));
  }

  #start(): void {
    this.#isScheduled = false;
    while (this.#waiting.length > 0 && this.#inFlight < MOST_IN_FLIGHT) {
      const batch = this.#waiting.slice(0, LARGEST_BATCH);
      this.#waiting = this.#waiting.slice(batch.length);
      this.#inFlight += 1;
      void this.#settle(batch).finally(() => this.#finished());
    }
  }

  #finished(): void {
    this.#inFlight -= 1;
    if (this.#waiting.length > 0) {
      this.#start();
    } else if (this.#inFlight === 0) {
      for (const done of this.#onIdle.splice(0)) done();
    }
  }

  async #settle(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) return this.#settleAlone(first);
    try {
      const outputs = await this.#execute(batch.map((one) => one.input));
      batch.forEach((one, index) => {
        one.resolve(outputs[index] as Output);
      });
    } catch {
      for (const one of batch) await this.#settleAlone(one);
    }
  }

  async #settleAlone(one: Waiting<Input, Output>): Promise<void> {
    try {
      const [output] = await this.#execute([one.input]);
      one.resolve(output as Output);
    } catch (error) {
      one.reject(error);
    }
  }
}
