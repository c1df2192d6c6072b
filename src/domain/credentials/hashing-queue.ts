import { type DomainError, limited } from '../../kernel/errors.ts';
import { FairLine, type Place } from './fair-line.ts';
import { usableCores } from './usable-cores.ts';

export type HashingQueueOptions = {
  /** How many hashes run at once; by default one core and two of libuv's threads are left for everything else. */
  readonly concurrency?: number;
  /** How many may wait; beyond, the last of those who have most waiting is refused. */
  readonly capacity?: number;
};

export type HashingQueue = {
  /**
   * Throws `limited('credentials.hashing_queue_full')` with `retryAfterSeconds` when too many wait. Places take turns; without
   * one it is work of the server's own.
   */
  readonly run: <Result>(work: () => Promise<Result>, place?: Place) => Promise<Result>;
  readonly concurrency: number;
  readonly capacity: number;
  /** Gauges and a counter for metrics, read at any time. */
  readonly waiting: number;
  readonly running: number;
  readonly refused: number;
};

// At cost 12 (about a quarter of a second) the last in a full queue waits some ten seconds: about as long as a person does.
const WAITING_PER_SLOT = 40;
const ASSUMED_SECONDS = 0.25;

/**
 * Bounds what passwords may take of the machine: bcrypt shares libuv's threads with the signing of tokens, and a burst
 * of sign-ins must slow down sign-ins alone. Places take turns, and a full queue answers at once (see ADR 0003 and 0022).
 */
export function createHashingQueue(options: HashingQueueOptions = {}): HashingQueue {
  const concurrency = Math.max(1, Math.floor(options.concurrency ?? hashesAtOnce(usableCores(), threadPoolSize())));
  return new Queue(concurrency, options.capacity ?? concurrency * WAITING_PER_SLOT);
}

/** One core less than usable, and never so many that signing finds no thread: a pool of 4 carries 2, whatever the machine. */
export function hashesAtOnce(cores: number, threads: number): number {
  return Math.max(1, Math.min(cores - 1, threads - 2));
}

// libuv reads the variable once, before any of our code runs; unset it means 4, and 1024 is its ceiling.
function threadPoolSize(): number {
  const size = Number.parseInt(process.env.UV_THREADPOOL_SIZE ?? '', 10);
  return Number.isNaN(size) ? 4 : Math.min(1024, Math.max(1, size));
}

type Waiting = { readonly begin: () => void; readonly refuse: (reason: DomainError) => void };

const OWN_WORK: Place = ['own work'];

class Queue implements HashingQueue {
  readonly concurrency: number;
  readonly capacity: number;
  running = 0;
  refused = 0;
  private secondsPerWork = ASSUMED_SECONDS;
  private readonly line = new FairLine<Waiting>();

  constructor(concurrency: number, capacity: number) {
    this.concurrency = concurrency;
    this.capacity = capacity;
  }

  get waiting(): number {
    return this.line.length;
  }

  readonly run = async <Result>(work: () => Promise<Result>, place: Place = OWN_WORK): Promise<Result> => {
    await this.turn(place);
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.secondsPerWork += ((performance.now() - startedAt) / 1000 - this.secondsPerWork) / 8;
      this.leave();
    }
  };

  private turn(place: Place): Promise<void> | undefined {
    if (this.running < this.concurrency) {
      this.running += 1;
      return undefined;
    }
    return new Promise((begin, refuse) => {
      this.line.add(place, { begin, refuse });
      if (this.line.length > this.capacity) this.turnAway(place);
    });
  }

  /** The newcomer is in line already: it is turned away itself unless others have more waiting. */
  private turnAway(newcomer: Place): void {
    this.refused += 1;
    this.line.drop(newcomer)?.refuse(
      limited('credentials.hashing_queue_full', {
        detail: 'Too many passwords are being checked at once; try again in a moment.',
        retryAfterSeconds: Math.max(1, Math.ceil(((this.waiting + 1) * this.secondsPerWork) / this.concurrency)),
      }),
    );
  }

  // The slot is handed on rather than freed, so that a newcomer cannot overtake the line.
  private leave(): void {
    const next = this.line.take();
    if (next) next.begin();
    else this.running -= 1;
  }
}
