import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as statements from '../../../../src/domain/sessions/record-statements.ts';
import { aProvider, type TestProvider } from '../../../support/provider.ts';

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Plan[] };

let idp: TestProvider;

beforeAll(async () => {
  idp = await aProvider();
});

afterAll(() => idp.end());

const named = Object.values(statements).filter((one) => typeof one === 'object' && 'text' in one);

/** The plan that is kept for all values, as the server's own connections make it. */
async function planOf({ name, text }: { name: string; text: string }): Promise<Plan> {
  const client = await idp.pool.connect();
  try {
    const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    const values = count === 0 ? '' : `(${Array.from({ length: count }, () => 'NULL').join(', ')})`;
    await client.query(`PREPARE "tried ${name}" AS ${text}`);
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE "tried ${name}"${values}`);
    await client.query(`DEALLOCATE "tried ${name}"`);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    client.release();
  }
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const readsWithoutKey = (plan: Plan): Plan[] =>
  nodesOf(plan).filter((node) => node['Node Type'].includes('Scan') && node['Relation Name'] && !node['Index Cond']);

async function fillTables(): Promise<void> {
  await idp.pool.query(`
    INSERT INTO provider_records (id, model, payload, grant_id, uid, session_uid)
    SELECT sha256(model::bytea || number::text::bytea), model, '{}', sha256(('Grant' || number)::bytea),
      CASE model WHEN 'Session' THEN 'uid' || number END, CASE model WHEN 'AccessToken' THEN 'uid' || number END
    FROM generate_series(1, 500) AS number, unnest('{Session,Grant,AccessToken}'::text[]) AS model`);
  await idp.pool.query('ANALYZE provider_records');
}

describe.each([
  ['made while the tables are empty', async () => {}],
  ['made when they are full', fillTables],
])('DESIGN §4: no statement of the record store reads rows but those it names, with a plan %s', (_, prepare) => {
  beforeAll(prepare);

  it.each(named.map((statement) => [statement.name, statement] as const))('%s', async (_name, statement) => {
    expect(readsWithoutKey(await planOf(statement))).toEqual([]);
  });
});
