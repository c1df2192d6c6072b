import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Whoever has lost their second factor waits, while everybody who could object is told.
CREATE TABLE factor_recoveries (
  id uuid CONSTRAINT factor_recoveries_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT factor_recoveries_user_id_fkey REFERENCES users ON DELETE CASCADE,
  requested_at timestamptz NOT NULL,
  -- As it was announced: never earlier, whatever the operator says meanwhile.
  ripe_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  told_at timestamptz,
  stopped_at timestamptz,
  completed_at timestamptz
);
CREATE UNIQUE INDEX factor_recoveries_one_open ON factor_recoveries (user_id)
  WHERE stopped_at IS NULL AND completed_at IS NULL;
CREATE INDEX factor_recoveries_to_tell ON factor_recoveries (ripe_at)
  WHERE told_at IS NULL AND stopped_at IS NULL AND completed_at IS NULL;
CREATE INDEX factor_recoveries_by_expiry ON factor_recoveries (expires_at);

ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check
  CHECK (purpose IN ('set_password', 'verify_email', 'not_me', 'stop_factor_recovery', 'finish_factor_recovery'));
`;

const down = /* sql */ `
DELETE FROM one_time_links WHERE purpose IN ('stop_factor_recovery', 'finish_factor_recovery');
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check
  CHECK (purpose IN ('set_password', 'verify_email', 'not_me'));
DROP TABLE factor_recoveries;
`;

export class AddFactorRecoveries1792000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
