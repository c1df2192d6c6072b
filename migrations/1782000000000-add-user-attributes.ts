import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- What was not kept yet of RFC 7643 §4.1 and §4.3.
ALTER TABLE users
  ADD COLUMN title_key text,
  ADD COLUMN user_type_key text,
  ADD COLUMN ims jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN entitlements jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN x509_certificates jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN employee_number text,
  ADD COLUMN employee_number_key text,
  ADD COLUMN cost_center text,
  ADD COLUMN cost_center_key text,
  ADD COLUMN organization text,
  ADD COLUMN organization_key text,
  ADD COLUMN division text,
  ADD COLUMN division_key text,
  ADD COLUMN department text,
  ADD COLUMN department_key text,
  ADD COLUMN manager_id uuid CONSTRAINT users_manager_id_fkey REFERENCES users ON DELETE SET NULL;

ALTER TABLE user_emails ADD COLUMN display text;

-- As near to kernel/text.ts as SQL comes; the next change of a person writes the key itself.
UPDATE users SET
  title_key = normalize(lower(normalize(btrim(title), NFKC)), NFKC),
  user_type_key = normalize(lower(normalize(btrim(user_type), NFKC)), NFKC)
WHERE title IS NOT NULL OR user_type IS NOT NULL;

CREATE INDEX users_by_title ON users (title_key, id) WHERE title_key IS NOT NULL;
CREATE INDEX users_by_user_type ON users (user_type_key, id) WHERE user_type_key IS NOT NULL;
CREATE INDEX users_by_employee_number ON users (employee_number_key, id) WHERE employee_number_key IS NOT NULL;
CREATE INDEX users_by_cost_center ON users (cost_center_key, id) WHERE cost_center_key IS NOT NULL;
CREATE INDEX users_by_organization ON users (organization_key, id) WHERE organization_key IS NOT NULL;
CREATE INDEX users_by_division ON users (division_key, id) WHERE division_key IS NOT NULL;
CREATE INDEX users_by_department ON users (department_key, id) WHERE department_key IS NOT NULL;
CREATE INDEX users_by_manager ON users (manager_id, id) WHERE manager_id IS NOT NULL;
`;

const down = /* sql */ `
ALTER TABLE user_emails DROP COLUMN display;
ALTER TABLE users
  DROP COLUMN title_key, DROP COLUMN user_type_key, DROP COLUMN ims, DROP COLUMN entitlements,
  DROP COLUMN x509_certificates, DROP COLUMN employee_number, DROP COLUMN employee_number_key, DROP COLUMN cost_center,
  DROP COLUMN cost_center_key, DROP COLUMN organization, DROP COLUMN organization_key, DROP COLUMN division,
  DROP COLUMN division_key, DROP COLUMN department, DROP COLUMN department_key, DROP COLUMN manager_id;
`;

export class AddUserAttributes1782000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
