import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Organizations that a declarative file made follow it, as everything else it made does.
ALTER TABLE organizations ADD COLUMN managed_by text;
ALTER TABLE declared_items DROP CONSTRAINT declared_items_kind_check;
ALTER TABLE declared_items ADD CONSTRAINT declared_items_kind_check
  CHECK (kind IN ('user', 'role_assignment', 'group_membership', 'client_secret', 'organization_membership', 'organization_home'));
`;

const down = /* sql */ `
DELETE FROM declared_items WHERE kind IN ('organization_membership', 'organization_home');
ALTER TABLE declared_items DROP CONSTRAINT declared_items_kind_check;
ALTER TABLE declared_items ADD CONSTRAINT declared_items_kind_check
  CHECK (kind IN ('user', 'role_assignment', 'group_membership', 'client_secret'));
ALTER TABLE organizations DROP COLUMN managed_by;
`;

export class DeclareOrganizations1797100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
