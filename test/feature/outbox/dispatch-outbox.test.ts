import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { retryDelivery } from '../../../src/domain/deliveries/retry-delivery.ts';
import { createDeliverySettlement } from '../../../src/domain/receipts/settle-deliveries.ts';
import { poolOf } from '../../../src/persistence/data-source.ts';
import { DeliveryMoot } from '../../../src/persistence/outbox-delivery.ts';
import type { OutboxMessage } from '../../../src/persistence/outbox-rows.ts';
import {
  type DueMessage,
  dispatchOutbox,
  type OutboxHandler,
  pauseSeconds,
  startDispatchingOutbox,
} from '../../../src/workers/dispatch-outbox.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { aProcess, operator, type ServerProcess } from '../keys/a-process.ts';

let database: TestDatabase;
let server: ServerProcess;
let delivered: DueMessage[];
let errors: unknown[];

beforeEach(async () => {
  database = await freshDatabase();
  server = await aProcess(database.url);
  delivered = [];
  errors = [];
});
afterEach(async () => {
  await server.end();
  await database.drop();
});

const running = new AbortController().signal;
const failing: OutboxHandler = async () => {
  throw new Error('refused\u0000 by the other side');
};
const keeping: OutboxHandler = async (message) => void delivered.push(message);

const dispatch = (handler: OutboxHandler, { on = server, signal = running } = {}) =>
  dispatchOutbox(
    {
      pool: poolOf(on.dataSource),
      clock: server.clock,
      handlers: new Map([['notice', handler]]),
      settle: createDeliverySettlement({ pool: poolOf(on.dataSource), transact: on.transact }),
      onError: (error) => errors.push(error),
    },
    signal,
  );

const enqueue = (...messages: readonly Partial<OutboxMessage>[]) =>
  server.transact(operator, async (tx) => {
    tx.record({ type: 'keys.rotated' });
    for (const message of messages) tx.enqueue({ type: 'notice', payload: { to: 'rp' }, ...message });
  });

type Row = { attempts: number; error: string | null; isDelivered: boolean; isFailed: boolean; pause: number };

const rows = () =>
  server.read.query<Row>(
    `SELECT attempts, last_error AS error, delivered_at IS NOT NULL AS "isDelivered", failed_at IS NOT NULL AS "isFailed",
            extract(epoch FROM available_at - $1::timestamptz)::float8 AS pause
     FROM outbox_messages ORDER BY id`,
    [server.clock.now()],
  );

describe('delivery', () => {
  it('what is due is handed over with its payload, and not again', async () => {
    await enqueue({}, {});

    await dispatch(keeping);
    await dispatch(keeping);

    expect(delivered).toEqual([
      expect.objectContaining({ type: 'notice', payload: { to: 'rp' }, attempt: 1, createdAt: server.clock.now() }),
      expect.objectContaining({ type: 'notice' }),
    ]);
  });

  it('what is for later waits', async () => {
    await enqueue({ availableAt: new Date(server.clock.now().getTime() + 60_000) });

    await dispatch(keeping);
    expect(delivered).toEqual([]);
    server.clock.advanceSeconds(60);
    await dispatch(keeping);
    expect(delivered).toHaveLength(1);
  });

  it('two processes at once deliver each message once', async () => {
    const other = await aProcess(database.url);
    await enqueue(...Array.from({ length: 50 }, () => ({})));

    await Promise.all([dispatch(keeping), dispatch(keeping, { on: other })]);

    expect(delivered).toHaveLength(50);
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(50);
    await other.end();
  });

  it('a message whose process died is taken again, with the same id', async () => {
    await enqueue({});
    const dying = new AbortController();
    const taken = new Promise<void>((resolve) => {
      const hang: OutboxHandler = async (message) => {
        delivered.push(message);
        resolve();
        await new Promise<never>(() => {});
      };
      void dispatch(hang, { signal: dying.signal });
    });
    await taken;
    dying.abort();

    await dispatch(keeping);
    expect(delivered).toHaveLength(1);
    server.clock.advanceSeconds(120);
    await dispatch(keeping);

    expect(delivered.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(delivered[0]?.id).toBe(delivered[1]?.id);
  });

  it('DESIGN §3: a target that does not answer delays no other, and is given one message at a time once it has failed', async () => {
    const slow = Array.from({ length: 40 }, (_, n) => ({ target: 'client:slow', payload: { n } }));
    const enough = new AbortController();
    let atOnce = 0;
    let most = 0;
    await enqueue(...slow);
    server.clock.advanceSeconds(1);
    await enqueue({ target: 'client:fast', payload: { n: 'fast' } });

    await dispatch(
      async (message, signal) => {
        if (message.target === 'client:fast') return void (await keeping(message, signal));
        atOnce += 1;
        most = Math.max(most, atOnce);
        await eventually(
          () => delivered.length,
          (count) => count > 0,
        );
        atOnce -= 1;
        if (message.payload.n === 39) enough.abort();
        throw new Error('no answer');
      },
      { signal: enough.signal },
    );

    expect(delivered).toMatchObject([{ payload: { n: 'fast' } }]);
    expect(most).toBe(8);
  });

  it('a commit wakes the dispatcher of this process and of others: nobody waits for the tick', async () => {
    const other = await aProcess(database.url);
    const parts = {
      pool: poolOf(other.dataSource),
      clock: server.clock,
      handlers: new Map([['notice', keeping]]),
      settle: createDeliverySettlement({ pool: poolOf(other.dataSource), transact: other.transact }),
      onError: (error: unknown) => errors.push(error),
    };
    const duty = startDispatchingOutbox({ ...parts, changes: other.changes, everyMs: 3_600_000 });
    await duty.runNow();

    await enqueue({});
    await eventually(
      () => delivered.length,
      (count) => count > 0,
    );

    expect(delivered).toHaveLength(1);
    await duty.stop();
    await other.end();
  });

  it('what cannot be delivered any more is done with and says why', async () => {
    await enqueue({});

    await dispatch(async () => {
      throw new DeliveryMoot('the client is gone');
    });

    expect(await rows()).toMatchObject([{ isDelivered: true, error: 'the client is gone' }]);
  });

  it('delivered messages are deleted after a day', async () => {
    await enqueue({});
    await dispatch(keeping);

    server.clock.advanceSeconds(86_399);
    await dispatch(keeping);
    expect(await rows()).toHaveLength(1);
    server.clock.advanceSeconds(1);
    await dispatch(keeping);
    expect(await rows()).toHaveLength(0);
  });
});

describe('in hand', () => {
  it('SECURITY-LESSONS 9: made due again meanwhile, a message is delivered once, and trying it by hand is refused', async () => {
    await enqueue({});
    let refused: unknown;

    await dispatch(async (message, signal) => {
      await keeping(message, signal);
      refused = await server
        .transact(operator, (tx) => retryDelivery(tx, { id: message.id }))
        .catch((error: unknown) => error);
      await server.read.query('UPDATE outbox_messages SET available_at = $1', [server.clock.now()]);
      await dispatch(keeping);
    });

    expect(delivered).toHaveLength(1);
    expect(refused).toMatchObject({ kind: 'conflict', code: 'deliveries.in_hand' });
    expect(await rows()).toMatchObject([{ attempts: 1, isDelivered: true }]);
  });

  it('when its process dies, another one delivers it', async () => {
    await enqueue({});
    let end = (): void => undefined;
    const hanging = dispatch(() => new Promise<void>((resolve) => (end = resolve)));
    await eventually(rows, ([row]) => row?.attempts === 1);

    await dispatch(keeping);
    expect(delivered).toEqual([]);
    server.clock.advanceSeconds(120);
    await dispatch(keeping);

    expect(delivered).toMatchObject([{ attempt: 2 }]);
    end();
    await hanging;
  });
});

describe('failure', () => {
  it('a failed message says why and is tried again later, the others are delivered', async () => {
    await enqueue({ payload: { n: 1 } }, { payload: { n: 2 } });

    await dispatch(async (message, signal) => {
      if (message.payload.n === 1) await failing(message, signal);
      delivered.push(message);
    });

    expect(delivered).toHaveLength(1);
    const waiting = (await rows()).find(({ isDelivered }) => !isDelivered);
    expect(waiting).toMatchObject({ attempts: 1, error: 'refused by the other side', isFailed: false });
    expect(waiting?.pause).toBeGreaterThanOrEqual(1);
  });

  it('pauses double to an hour, and no two processes come back together', () => {
    const attempts = Array.from({ length: 40 }, (_, index) => index + 1);

    for (const attempt of attempts) {
      const longest = Math.min(2 ** attempt, 3_600);
      expect(pauseSeconds(attempt)).toBeGreaterThanOrEqual(longest / 2);
      expect(pauseSeconds(attempt)).toBeLessThanOrEqual(longest);
    }
    expect(new Set(attempts.map(() => pauseSeconds(12))).size).toBeGreaterThan(1);
  });

  it('after a day it has failed, stays visible and is not tried again', async () => {
    await enqueue({});
    await dispatch(failing);

    server.clock.advanceSeconds(86_400);
    await dispatch(failing);
    server.clock.advanceSeconds(86_400);
    await dispatch(keeping);

    expect(delivered).toEqual([]);
    expect(await rows()).toMatchObject([{ attempts: 2, isFailed: true, isDelivered: false }]);
    expect(
      await server.read.query(
        `SELECT type, outcome, details->>'error' AS error FROM audit_events WHERE type LIKE 'deliv%'`,
      ),
    ).toEqual([{ type: 'deliveries.given-up', outcome: 'failure', error: 'refused by the other side' }]);
  });

  it('what was given up is deleted after thirty days', async () => {
    await enqueue({ type: 'unheard-of' });
    await dispatch(keeping);

    server.clock.advanceSeconds(30 * 86_400 - 1);
    await dispatch(keeping);
    expect(await rows()).toHaveLength(1);
    server.clock.advanceSeconds(1);
    await dispatch(keeping);
    expect(await rows()).toHaveLength(0);
  });

  it('a type nobody handles has failed at once and says so', async () => {
    await enqueue({ type: 'unheard-of' });

    await dispatch(keeping);

    expect(await rows()).toMatchObject([{ isFailed: true, error: 'no handler for messages of type unheard-of' }]);
  });

  it('what a shutdown interrupts is due at once and has used up no attempt', async () => {
    await enqueue({});
    const stopping = new AbortController();

    await dispatch(
      async (_, signal) => {
        stopping.abort();
        signal.throwIfAborted();
      },
      { signal: stopping.signal },
    );
    expect(await rows()).toMatchObject([{ attempts: 0, error: null, isFailed: false }]);
    await dispatch(keeping);

    expect(delivered).toMatchObject([{ attempt: 1 }]);
  });
});
