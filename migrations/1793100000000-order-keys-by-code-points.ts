import type { MigrationInterface, QueryRunner } from 'typeorm';

const USERS = [
  'user_name_key',
  'external_id',
  'family_name_key',
  'given_name_key',
  'display_name_key',
  'title_key',
  'user_type_key',
  'employee_number_key',
  'cost_center_key',
  'organization_key',
  'division_key',
  'department_key',
];

const collated = (columns: readonly string[], collation: string): string =>
  columns.map((column) => `ALTER ${column} TYPE text COLLATE ${collation}`).join(', ');

const keys = (collation: string): string => `
ALTER TABLE users ${collated(USERS, collation)};
ALTER TABLE user_emails ${collated(['value_key'], collation)};
ALTER TABLE user_attribute_keys ${collated(['key'], collation)};
ALTER TABLE groups ${collated(['display_name_key', 'external_id'], collation)};
`;

const up = /* sql */ `
-- Keys are compared, not read: in the order of code points their indexes answer "begins with" whatever the database's language.
${keys('"C"')}
-- Lists by the beginning of a name, also of those who are let in, are answered from the index alone.
ALTER TABLE users DROP CONSTRAINT users_user_name_key,
  ADD CONSTRAINT users_user_name_key UNIQUE (user_name_key) INCLUDE (id, status, starts_at, ends_at);
-- What a provisioning client asks to catch up: who has changed, or come, since.
CREATE INDEX users_by_update ON users (updated_at, id);
CREATE INDEX users_by_creation ON users (created_at, id);
`;

const down = /* sql */ `
DROP INDEX users_by_update, users_by_creation;
ALTER TABLE users DROP CONSTRAINT users_user_name_key, ADD CONSTRAINT users_user_name_key UNIQUE (user_name_key);
${keys('"default"')}
`;

export class OrderKeysByCodePoints1793100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
