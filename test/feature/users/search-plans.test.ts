import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { searchStatement, type UserFilters } from '../../../src/domain/users/search-users.ts';
import { aPeopleApi, type PeopleApi } from '../admin/people-api.ts';

const PEOPLE = 20_000;
const LIMIT = 50;
const TEAM = '01900000-0000-7000-8000-00000000beef';
let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
  // One in ten is a Smith and one in twenty inactive; all Joneses joined first, so that their last page lies far back.
  await api.dataSource.query(
    `INSERT INTO users (id, user_name, user_name_key, external_id, status, family_name, family_name_key, given_name,
       given_name_key, display_name, display_name_key, title, title_key, user_type, user_type_key,
       employee_number, employee_number_key, cost_center, cost_center_key, organization, organization_key, division,
       division_key, department, department_key, created_at, updated_at)
     SELECT (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, 'p' || n, 'p' || n, 'x' || n,
       CASE WHEN n % 20 = 0 THEN 'inactive' ELSE 'active' END, f, f, g, g, d, d, 'title' || n % 70, 'title' || n % 70, 'type' || n % 3, 'type' || n % 3,
       'e' || n, 'e' || n, 'cost' || n % 200, 'cost' || n % 200, 'org' || n % 2, 'org' || n % 2, 'div' || n % 9,
       'div' || n % 9, 'dep' || n % 40, 'dep' || n % 40, now(), now()
     FROM (SELECT n, CASE WHEN n <= $1::int / 10 THEN 'jones' WHEN n % 10 = 0 THEN 'smith' ELSE 'name' || n % 997 END AS f,
             'given' || n % 50 AS g, 'person ' || n % 4000 AS d
           FROM generate_series(1, $1::int) AS n) AS people`,
    [PEOPLE],
  );
  await api.dataSource.query(
    `INSERT INTO user_emails (user_id, position, value, value_key, is_primary, is_verified)
     SELECT id, 0, user_name || '@example.com', user_name || '@example.com', true, true FROM users
     UNION ALL SELECT id, 1, 'office@example.com', 'office@example.com', false, false FROM users WHERE given_name = 'given7'`,
  );
  await api.dataSource.query(
    `UPDATE users SET manager_id = '00000001-0000-7000-8000-000000000000' WHERE given_name = 'given9'`,
  );
  await api.dataSource.query(
    `INSERT INTO user_attributes (id, name, name_key, schema, is_unique, is_searchable, mutability, readable_by, writable_by,
       created_at, updated_at)
     VALUES ($1, 'team', 'team', '{"type":"string"}', false, true, 'readWrite', '{admin}', '{admin}', now(), now())`,
    [TEAM],
  );
  await api.dataSource.query(
    `INSERT INTO user_attribute_keys (attribute_id, key, user_id, is_unique)
     SELECT $1, CASE WHEN row_number() OVER (ORDER BY id) <= 2000 THEN 'first' ELSE 'team' || row_number() OVER () % 40 END, id, false
     FROM users`,
    [TEAM],
  );
  await api.dataSource.query('ANALYZE users, user_emails, user_attribute_keys');
}, 60_000);

afterAll(() => api.close());

type Plan = { readonly 'Node Type': string; readonly 'Index Name'?: string; readonly Plans?: readonly Plan[] };

async function explain(filters: UserFilters, after: string | undefined) {
  const { sql, parameters } = searchStatement({ filters, keys: keysOf(filters), at: new Date(), after, limit: LIMIT });
  const [row] = await api.read.query<{ 'QUERY PLAN': [{ Plan: Plan & Record<string, number> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    parameters,
  );
  const plan = row?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error('no plan');
  const nodes: Plan[] = [];
  const visit = (node: Plan): void => {
    nodes.push(node);
    node.Plans?.forEach(visit);
  };
  visit(plan);
  return {
    nodes: nodes.map((node) => node['Node Type']),
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    pages: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
  };
}

/** The cursor of the last page: all that is left of it fits. */
async function beforeLastPage(filters: UserFilters): Promise<string | undefined> {
  const { sql, parameters } = searchStatement({
    filters,
    keys: keysOf(filters),
    at: new Date(),
    after: undefined,
    limit: PEOPLE,
  });
  const rows = await api.read.query<{ id: string }>(sql, parameters);
  return rows.at(-LIMIT / 2)?.id;
}

const keysOf = ({ custom = {} }: UserFilters) => Object.values(custom).map((key) => ({ attributeId: TEAM, key }));

const searches: readonly (readonly [string, UserFilters, string | RegExp])[] = [
  ['nothing', {}, /^users_(pkey|by_standing)$/],
  ['userName', { userName: 'P17' }, 'users_user_name_key'],
  ['externalId', { externalId: 'x17' }, 'users_by_external_id'],
  ['active', { active: true }, 'users_open'],
  ['inactive', { active: false }, 'users_closed'],
  ['status', { status: 'inactive' }, 'users_closed'],
  ['displayName', { displayName: 'Person 1234' }, 'users_by_display_name'],
  ['a rare familyName', { familyName: 'name123' }, 'users_by_family_name'],
  ['a frequent familyName', { familyName: 'Smith' }, 'users_by_family_name'],
  ['a familyName whose people all came early', { familyName: 'Jones' }, 'users_by_family_name'],
  ['givenName', { givenName: 'given7' }, 'users_by_given_name'],
  ['title', { title: 'Title17' }, 'users_by_title'],
  ['userType', { userType: 'type1' }, 'users_by_user_type'],
  ['employeeNumber', { employeeNumber: 'E17' }, 'users_by_employee_number'],
  ['costCenter', { costCenter: 'cost17' }, 'users_by_cost_center'],
  ['organization', { organization: 'Org1' }, 'users_by_organization'],
  ['division', { division: 'div7' }, 'users_by_division'],
  ['department', { department: 'dep17' }, 'users_by_department'],
  ['manager', { manager: '00000001-0000-7000-8000-000000000000' }, 'users_by_manager'],
  ['an attribute of the operator', { custom: { team: 'team7' } }, 'user_attribute_keys_pkey'],
  ['one whose people all came early', { custom: { team: 'first' } }, 'user_attribute_keys_pkey'],
  ['one beside a name', { familyName: 'name123', custom: { team: 'team7' } }, 'users_by_family_name'],
  ['an e-mail address of one person', { email: 'P17@example.com' }, 'user_emails_by_value'],
  ['an e-mail address of many', { email: 'office@example.com' }, 'user_emails_by_value'],
];

describe('people are found through an index (DESIGN: no page costs more than another)', () => {
  it.each(searches)('by %s, first page and last page alike', async (_, filters, index) => {
    for (const after of [undefined, await beforeLastPage(filters)]) {
      const { nodes, indexes, pages } = await explain(filters, after);

      // Few rows may be sorted after the index gave them; what counts is how little is read.
      expect(nodes.filter((node) => /Seq Scan/.test(node))).toEqual([]);
      expect(indexes).toContainEqual(typeof index === 'string' ? index : expect.stringMatching(index));
      // A page of fifty people, their addresses and the way down the indexes.
      expect(pages).toBeLessThan(LIMIT * 12);
    }
  });
});
