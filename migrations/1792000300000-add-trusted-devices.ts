import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- When this browser's person last gave a second factor in it and asked not to be asked again for a while.
ALTER TABLE known_devices ADD COLUMN trusted_at timestamptz, ADD COLUMN user_agent text;
`;

const down = /* sql */ `ALTER TABLE known_devices DROP COLUMN trusted_at, DROP COLUMN user_agent;`;

export class AddTrustedDevices1792000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
