import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- RFC 6238: one authenticator app a person. The seed is sealed; the last step that was used never comes again.
CREATE TABLE totp_credentials (
  user_id uuid CONSTRAINT totp_credentials_pkey PRIMARY KEY
    CONSTRAINT totp_credentials_user_id_fkey REFERENCES users ON DELETE CASCADE,
  envelope bytea NOT NULL,
  last_step bigint NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL
);

-- Keyed hashes: a code is short enough to be looked for.
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL CONSTRAINT recovery_codes_user_id_fkey REFERENCES users ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
);
`;

const down = /* sql */ `
DROP TABLE recovery_codes, totp_credentials;
`;

export class AddSecondFactors1787000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
