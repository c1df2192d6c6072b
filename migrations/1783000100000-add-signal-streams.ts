import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- OpenID Shared Signals Framework 1.0: what receivers have asked for. Events themselves wait in outbox_messages.
CREATE TABLE signal_streams (
  id uuid CONSTRAINT signal_streams_pkey PRIMARY KEY,
  client_id text NOT NULL CONSTRAINT signal_streams_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  description text,
  delivery_method text NOT NULL CONSTRAINT signal_streams_delivery_method_check CHECK (delivery_method IN ('push', 'poll')),
  endpoint_url text,
  -- The receiver's secret, sealed.
  authorization_envelope bytea,
  -- Null: every event there is.
  events_requested text[],
  status text NOT NULL CONSTRAINT signal_streams_status_check CHECK (status IN ('enabled', 'paused', 'disabled')),
  status_reason text,
  verification_asked_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT signal_streams_endpoint_check CHECK ((delivery_method = 'push') = (endpoint_url IS NOT NULL))
);
CREATE INDEX signal_streams_by_client ON signal_streams (client_id, id);

-- Streams are about everyone; these are the exceptions, and the words by which a receiver knows someone.
CREATE TABLE signal_stream_subjects (
  stream_id uuid NOT NULL CONSTRAINT signal_stream_subjects_stream_id_fkey REFERENCES signal_streams ON DELETE CASCADE,
  user_id uuid NOT NULL CONSTRAINT signal_stream_subjects_user_id_fkey REFERENCES users ON DELETE CASCADE,
  is_included boolean NOT NULL,
  subject jsonb NOT NULL,
  CONSTRAINT signal_stream_subjects_pkey PRIMARY KEY (stream_id, user_id)
);
CREATE INDEX signal_stream_subjects_by_user ON signal_stream_subjects (user_id);
`;

const down = /* sql */ `
DROP TABLE signal_stream_subjects, signal_streams;
`;

export class AddSignalStreams1783000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
