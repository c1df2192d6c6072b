import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- A person changes their own address: asked for, confirmed at both, done, and for a while taken back from the old one.
CREATE TABLE email_changes (
  id uuid CONSTRAINT email_changes_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT email_changes_user_id_fkey REFERENCES users ON DELETE CASCADE,
  -- Null for whoever had none that was proved: there is nobody to ask.
  former_address text,
  new_address text NOT NULL,
  former_token_hash bytea CONSTRAINT email_changes_former_token_key UNIQUE,
  new_token_hash bytea CONSTRAINT email_changes_new_token_key UNIQUE,
  undo_token_hash bytea CONSTRAINT email_changes_undo_token_key UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  former_confirmed_at timestamptz,
  new_confirmed_at timestamptz,
  done_at timestamptz,
  undone_at timestamptz
);
-- A new wish replaces the one before.
CREATE UNIQUE INDEX email_changes_one_open ON email_changes (user_id) WHERE done_at IS NULL;
CREATE INDEX email_changes_by_user ON email_changes (user_id, id);
CREATE INDEX email_changes_by_expiry ON email_changes (expires_at);
`;

const down = /* sql */ `DROP TABLE email_changes;`;

export class AddEmailChanges1792000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
