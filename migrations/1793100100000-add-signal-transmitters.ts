import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Whose security events are followed here (OpenID Shared Signals Framework 1.0, RFC 8935). Which were seen is in replay_detections.
CREATE TABLE signal_transmitters (
  id uuid CONSTRAINT signal_transmitters_pkey PRIMARY KEY,
  name text NOT NULL,
  issuer text NOT NULL CONSTRAINT signal_transmitters_issuer_key UNIQUE,
  audience text NOT NULL,
  jwks_uri text NOT NULL,
  -- Of the token with which events are pushed.
  token_hash bytea NOT NULL,
  state text NOT NULL CONSTRAINT signal_transmitters_state_check CHECK (state IN ('active', 'paused')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
`;

const down = /* sql */ `DROP TABLE signal_transmitters;`;

export class AddSignalTransmitters1793100100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
