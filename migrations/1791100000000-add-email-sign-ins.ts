import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- A sign-in under way that waits for what is mailed: one for each interaction. Person and hashes come with the mail, so that
-- a row says no more of a name that somebody has than of one that nobody has.
CREATE TABLE email_sign_ins (
  interaction_hash bytea CONSTRAINT email_sign_ins_pkey PRIMARY KEY,
  id uuid NOT NULL CONSTRAINT email_sign_ins_id_key UNIQUE,
  browser text NOT NULL,
  user_id uuid CONSTRAINT email_sign_ins_user_id_fkey REFERENCES users ON DELETE CASCADE,
  address_key text,
  code_hash bytea,
  token_hash bytea,
  attempts integer NOT NULL DEFAULT 0,
  used_at timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX email_sign_ins_user_id ON email_sign_ins (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX email_sign_ins_expires_at ON email_sign_ins (expires_at);
`;

const down = /* sql */ `
DROP TABLE email_sign_ins;
`;

export class AddEmailSignIns1791100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
