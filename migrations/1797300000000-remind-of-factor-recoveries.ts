import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Half-way through the waiting everybody who could object is told once more.
ALTER TABLE factor_recoveries ADD COLUMN reminded_at timestamptz;
`;

const down = /* sql */ `
ALTER TABLE factor_recoveries DROP COLUMN reminded_at;
`;

export class RemindOfFactorRecoveries1797300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
