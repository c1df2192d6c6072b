import { describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../../src/persistence/data-source.ts';
import { freshDatabase } from '../../support/database.ts';

const WANTED = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
};

describe('statements are planned alike on every PostgreSQL, whatever its administrator set', () => {
  it('each connection says itself how, the compiler of PostgreSQL included', async () => {
    const database = await freshDatabase();
    const dataSource = createDataSource({
      connection: { url: database.url },
      poolSize: 1,
      entities: [],
      onConnectionError: () => {},
    });
    await dataSource.initialize();

    const rows: { name: string; setting: string; source: string }[] = await dataSource.query(
      'SELECT name, setting, source FROM pg_settings WHERE name = ANY ($1) ORDER BY name',
      [Object.keys(WANTED)],
    );
    await dataSource.destroy();
    await database.drop();

    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual(WANTED);
    expect(rows.map(({ source }) => source)).toEqual(rows.map(() => 'client'));
  });
});
