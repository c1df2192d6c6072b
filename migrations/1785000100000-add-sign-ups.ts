import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Links with which somebody who has proved an address makes an account of their own.
CREATE TABLE sign_ups (
  token_hash bytea CONSTRAINT sign_ups_pkey PRIMARY KEY,
  address text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz
);
CREATE INDEX sign_ups_by_expiry ON sign_ups (expires_at);

-- Who has accepted which version of the terms; the audit log holds the proof.
CREATE TABLE terms_acceptances (
  user_id uuid NOT NULL CONSTRAINT terms_acceptances_user_id_fkey REFERENCES users ON DELETE CASCADE,
  version text NOT NULL,
  accepted_at timestamptz NOT NULL,
  CONSTRAINT terms_acceptances_pkey PRIMARY KEY (user_id, version)
);
`;

const down = /* sql */ `DROP TABLE terms_acceptances, sign_ups;`;

export class AddSignUps1785000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
