import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check
  CHECK (purpose IN ('set_password', 'verify_email', 'not_me'));
`;

const down = /* sql */ `
DELETE FROM one_time_links WHERE purpose = 'not_me';
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check CHECK (purpose IN ('set_password', 'verify_email'));
`;

export class AddNotMeLinks1792000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
