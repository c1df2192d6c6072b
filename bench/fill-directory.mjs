// A directory as large as those that are asked about, written past the product: filling it is not what is measured.
import { join } from 'node:path';
import pg from 'pg';

const root = join(import.meta.dirname, '..');

export const personId = (n) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** People, and groups of whom the first is large and the others have ten to forty members. */
export async function fillDirectory(server, { people, groups = 0, largeGroup = 0 }) {
  const { startEmbeddedPostgres } = await import(join(root, 'dist', 'src', 'persistence', 'embedded-postgres.js'));
  const { connection } = await startEmbeddedPostgres({
    dataDir: join(server.folder, 'data'),
    report: () => {},
    keep: true,
  });
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(
    `INSERT INTO users (id, user_name, user_name_key, external_id, family_name, family_name_key, given_name, given_name_key,
       display_name, display_name_key, created_at, updated_at)
     SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person-' || n || '@example.com', 'person-' || n || '@example.com',
       'ext-' || n, 'Family ' || n % 5000, 'family ' || n % 5000, 'Given ' || n % 500, 'given ' || n % 500, 'Person ' || n, 'person ' || n, now(), now()
     FROM generate_series(0, $1::int - 1) AS n`,
    [people],
  );
  await client.query(
    `INSERT INTO user_emails (user_id, position, value, value_key, is_primary, is_verified)
     SELECT id, 0, user_name, user_name_key, true, true FROM users WHERE user_name LIKE 'person-%'`,
  );
  if (groups > 0) await fillGroups(client, { people, groups, largeGroup });
  // As autovacuum leaves it.
  await client.query('VACUUM ANALYZE users, user_emails, groups, group_members');
  await client.end();
}

const groupIdOf = (n) => `('01900000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const personIdOf = (n) => `('01900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

async function fillGroups(client, { people, groups, largeGroup }) {
  await client.query(
    `INSERT INTO groups (id, display_name, display_name_key, created_at, updated_at)
     SELECT ${groupIdOf('n')}, CASE n WHEN 0 THEN 'Large' ELSE 'Group ' || n END, CASE n WHEN 0 THEN 'large' ELSE 'group ' || n END, now(), now()
     FROM generate_series(0, $1::int - 1) AS n`,
    [groups],
  );
  await client.query(
    `INSERT INTO group_members (group_id, user_id, created_at)
     SELECT ${groupIdOf('0')}, ${personIdOf('n')}, now() FROM generate_series(0, $1::int - 1) AS n`,
    [largeGroup],
  );
  await client.query(
    `INSERT INTO group_members (group_id, user_id, created_at)
     SELECT ${groupIdOf('g')}, ${personIdOf('(g * 41 + m) % $2::int')}, now()
     FROM generate_series(1, $1::int - 1) AS g, generate_series(0, 9 + g % 31) AS m`,
    [groups, people],
  );
}
