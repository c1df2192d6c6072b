import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- "active" becomes what follows from a status and two dates at the moment of asking.
ALTER TABLE users
  ADD COLUMN status text NOT NULL DEFAULT 'active'
    CONSTRAINT users_status_check CHECK (status IN ('staged', 'active', 'suspended', 'inactive')),
  ADD COLUMN starts_at timestamptz,
  ADD COLUMN ends_at timestamptz,
  ADD CONSTRAINT users_period_check CHECK (starts_at < ends_at);
UPDATE users SET status = 'inactive' WHERE NOT active;
DROP INDEX users_by_active;
ALTER TABLE users DROP COLUMN active;
-- Who can be in force, and who can be out of it: most people are in the first alone.
CREATE INDEX users_open ON users (id) WHERE status IN ('active', 'staged');
CREATE INDEX users_closed ON users (id) WHERE status <> 'active' OR starts_at IS NOT NULL OR ends_at IS NOT NULL;
CREATE INDEX users_by_end ON users (ends_at, id) WHERE ends_at IS NOT NULL AND status IN ('active', 'staged');
`;

const down = /* sql */ `
ALTER TABLE users ADD COLUMN active boolean NOT NULL DEFAULT true;
UPDATE users SET active = (status IN ('active', 'staged') AND coalesce(starts_at <= now(), status = 'active')
  AND coalesce(ends_at > now(), true));
ALTER TABLE users ALTER COLUMN active DROP DEFAULT;
ALTER TABLE users DROP COLUMN status, DROP COLUMN starts_at, DROP COLUMN ends_at;
CREATE INDEX users_by_active ON users (active, id);
`;

export class AddUserStatus1782000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
