import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Until when it was looked after: a first or a last moment that lies behind it has been made known to whatever follows changes.
ALTER TABLE role_assignments ADD COLUMN followed_at timestamptz;
CREATE INDEX role_assignments_to_begin ON role_assignments (starts_at)
  WHERE starts_at IS NOT NULL AND (followed_at IS NULL OR followed_at < starts_at);
CREATE INDEX role_assignments_to_end ON role_assignments (ends_at)
  WHERE ends_at IS NOT NULL AND (followed_at IS NULL OR followed_at < ends_at);
ALTER TABLE users ADD COLUMN opening_followed_at timestamptz;
CREATE INDEX users_to_open ON users (starts_at)
  WHERE starts_at IS NOT NULL AND status IN ('active', 'staged')
    AND (opening_followed_at IS NULL OR opening_followed_at < starts_at);
`;

const down = /* sql */ `
ALTER TABLE users DROP COLUMN opening_followed_at;
ALTER TABLE role_assignments DROP COLUMN followed_at;
`;

export class FollowPeriods1793000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
