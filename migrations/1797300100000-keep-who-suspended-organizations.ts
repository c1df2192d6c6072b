import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- For which organization whoever suspended it acted; NULL for whoever acts for all. Not a foreign key: when that one is gone nobody
-- acts for it any more.
ALTER TABLE organizations ADD COLUMN suspended_for uuid;
`;

const down = /* sql */ `
ALTER TABLE organizations DROP COLUMN suspended_for;
`;

export class KeepWhoSuspendedOrganizations1797300100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
