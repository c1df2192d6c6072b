import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../kernel/clock.ts';
import type { ChangeFeed } from '../persistence/change-feed.ts';
import {
  claimDue,
  DeliveryMoot,
  type DeliveryOutcome,
  DeliveryRefused,
  type DueMessage,
  deleteSettled,
  giveBack,
  type OutboxHandler,
} from '../persistence/outbox-delivery.ts';
import { type Bell, createBell } from './bell.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

export type { DueMessage, OutboxHandler } from '../persistence/outbox-delivery.ts';

export type DispatchParts = {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly handlers: ReadonlyMap<string, OutboxHandler>;
  /** Writes down how attempts ended, on the messages and wherever else they are accounted for. */
  readonly settle: (outcomes: readonly DeliveryOutcome[]) => Promise<void>;
  readonly onError: DutyParts['onError'];
};

const EVERY_MS = 1_000;
/** Messages one process has in hand at a time, each delivered beside the others. */
const IN_HAND = 128;
/** Of one target; one alone after it has failed, so that a dead one takes no more room than that. */
const IN_HAND_PER_TARGET = 8;
/** Nobody else takes a message that is in hand; when its process dies, another does after this long. */
const CLAIM_SECONDS = 120;
const HANDLER_SECONDS = 60;
const FIRST_PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 3_600;
const GIVE_UP_SECONDS = 86_400;
const KEPT_SECONDS = 86_400;
/** As long as somebody may still want to try by hand. Receipts remember for ever. */
const FAILED_KEPT_SECONDS = 30 * 86_400;
const LONGEST_ERROR = 500;

/**
 * Delivers what commands enqueued: at least once, in no order, with growing pauses for a day, then marked as failed. It begins
 * with the commit that enqueued, here or in another process; the tick is for what is tried again.
 */
export function startDispatchingOutbox({
  changes,
  everyMs = EVERY_MS,
  ...parts
}: DispatchParts & DispatchChanges & { readonly everyMs?: number }): Duty {
  const bell = createBell();
  const ailing = new Set<string>();
  const duty = startDuty({
    name: 'dispatch-outbox',
    everyMs,
    run: (signal) => dispatchOutbox(parts, signal, { bell, ailing }),
    onError: parts.onError,
  });
  const unsubscribe = changes.subscribe('outbox', () => {
    bell.ring();
    void duty.runNow();
  });
  return {
    ...duty,
    async stop() {
      unsubscribe();
      const stopped = duty.stop();
      bell.ring();
      await stopped;
    },
  };
}

export type DispatchChanges = { readonly changes: Pick<ChangeFeed, 'subscribe'> };

/** Everything that is due now, and what becomes due while some of it is under way. */
export async function dispatchOutbox(
  parts: DispatchParts,
  signal: AbortSignal,
  { bell, ailing }: Pick<Desk, 'bell' | 'ailing'> = { bell: createBell(), ailing: new Set() },
): Promise<void> {
  const now = parts.clock.now();
  await deleteSettled(parts.pool, {
    deliveredUntil: secondsAfter(now, -KEPT_SECONDS),
    failedUntil: secondsAfter(now, -FAILED_KEPT_SECONDS),
  });
  const desk: Desk = { parts, bell, signal, inHand: new Map(), ailing, ended: [], settling: undefined };
  for (;;) {
    bell.reset();
    const due = signal.aborted ? [] : await claim(desk);
    for (const message of due) void deliver(desk, message);
    if (isIdle(desk) && !bell.hasRung) return;
    await bell.wait(EVERY_MS);
  }
}

type Desk = {
  readonly parts: DispatchParts;
  readonly bell: Bell;
  readonly signal: AbortSignal;
  readonly inHand: Map<string, number>;
  /** Targets whose last attempt failed. */
  readonly ailing: Set<string>;
  /** Attempts that have ended and are not written down yet. */
  ended: DeliveryOutcome[];
  settling: Promise<void> | undefined;
};

const isIdle = ({ inHand, settling }: Desk): boolean => inHand.size === 0 && settling === undefined;

async function claim({ parts: { pool, clock }, inHand, ailing }: Desk): Promise<readonly DueMessage[]> {
  const total = [...inHand.values()].reduce((sum, count) => sum + count, 0);
  if (total >= IN_HAND) return [];
  const now = clock.now();
  const room = new Map(
    [...inHand.keys(), ...ailing].map((target) => {
      const most = ailing.has(target) ? 1 : IN_HAND_PER_TARGET;
      return [target, Math.max(0, most - (inHand.get(target) ?? 0))];
    }),
  );
  const until = secondsAfter(now, CLAIM_SECONDS);
  const due = await claimDue(pool, { now, until, limit: IN_HAND - total, perTarget: IN_HAND_PER_TARGET, room });
  for (const { target } of due) inHand.set(target, (inHand.get(target) ?? 0) + 1);
  return due;
}

/** Never throws: whatever happens to a message is an outcome. */
async function deliver(desk: Desk, message: DueMessage): Promise<void> {
  const { parts, signal, bell, inHand, ailing } = desk;
  const { target } = message;
  const outcome = await attempt(parts, message, signal);
  if (outcome === 'interrupted')
    await giveBack(parts.pool, [message.id], parts.clock.now()).catch((error) => report(parts, error));
  else {
    if (outcome.state === 'delivered' || outcome.state === 'moot') ailing.delete(target);
    else ailing.add(target);
    desk.ended.push(outcome);
    desk.settling ??= settleAll(desk);
  }
  const left = (inHand.get(target) ?? 1) - 1;
  if (left === 0) inHand.delete(target);
  else inHand.set(target, left);
  bell.ring();
}

async function attempt(
  { handlers, clock }: DispatchParts,
  message: DueMessage,
  stopping: AbortSignal,
): Promise<DeliveryOutcome | 'interrupted'> {
  const handler = handlers.get(message.type);
  const at = (): Date => clock.now();
  if (!handler) return { message, state: 'failed', at: at(), error: `no handler for messages of type ${message.type}` };
  try {
    const answer = await handler(message, AbortSignal.any([stopping, AbortSignal.timeout(HANDLER_SECONDS * 1000)]));
    return { message, state: 'delivered', at: at(), ...(answer ? { answer } : {}) };
  } catch (error) {
    if (stopping.aborted) return 'interrupted';
    const facts = {
      message,
      at: at(),
      error: reasonOf(error),
      ...(error instanceof DeliveryRefused ? { answer: error.answer } : {}),
    };
    if (error instanceof DeliveryMoot) return { ...facts, state: 'moot' };
    if (facts.at >= secondsAfter(message.createdAt, GIVE_UP_SECONDS)) return { ...facts, state: 'failed' };
    return { ...facts, state: 'waiting', nextAt: secondsAfter(facts.at, pauseSeconds(message.attempt)) };
  }
}

/** One statement at a time for all that has ended meanwhile. What cannot be written down is delivered again, with the same id. */
async function settleAll(desk: Desk): Promise<void> {
  const { parts, bell } = desk;
  await new Promise(setImmediate);
  while (desk.ended.length > 0) await parts.settle(desk.ended.splice(0)).catch((error) => report(parts, error));
  desk.settling = undefined;
  bell.ring();
}

const report = ({ onError }: DispatchParts, error: unknown): void => onError(error, 'dispatch-outbox');

/** Doubles with each attempt to an hour, and anything from half of that, so that what failed together parts. */
export function pauseSeconds(attempt: number): number {
  const longest = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS);
  return longest / 2 + randomInt(Math.ceil(longest * 500) + 1) / 1000;
}

const secondsAfter = (moment: Date, seconds: number): Date => new Date(moment.getTime() + seconds * 1000);

/** PostgreSQL text holds no NUL, and an administrator reads this. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? messageOf(error) : String(error);
  return text.replaceAll('\u0000', '').toWellFormed().slice(0, LONGEST_ERROR);
}

/** fetch() says no more than that it failed; why is in the cause. */
const messageOf = (error: Error): string =>
  error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message;
