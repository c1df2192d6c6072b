import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- The attributes a provisioning client deals with; NULL: all.
ALTER TABLE clients ADD COLUMN scim_attributes text[];
`;

const down = /* sql */ `ALTER TABLE clients DROP COLUMN scim_attributes;`;

export class AddScimAttributes1793000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
