import type pg from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import { insertOutboxRows } from '../../persistence/outbox-rows.ts';
import { type BackchannelLogout, backchannelLogoutDue } from './backchannel-logout.ts';

export type EnqueueLogout = (notice: BackchannelLogout) => Promise<void>;

/**
 * For a logout by the person themselves, whose session the provider ends on its own, outside a unit of work (DESIGN §3): their
 * browser does not wait for an application that is slow, and one that is down is told later.
 */
export const createEnqueueLogout =
  ({
    pool,
    clock,
    changes,
  }: {
    readonly pool: pg.Pool;
    readonly clock: Clock;
    readonly changes: Pick<ChangeFeed, 'applyLocally'>;
  }): EnqueueLogout =>
  async (notice) => {
    const row = { ...backchannelLogoutDue(notice), id: newId<string>(), createdAt: clock.now() };
    await insertOutboxRows((sql, parameters) => pool.query(sql, parameters), [row]);
    changes.applyLocally({ topic: 'outbox', key: '*' });
  };
