import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Imports that came through the admin API are run by whichever process takes them: what that one must know stands here.
ALTER TABLE bulk_imports
  ADD COLUMN dry_run boolean NOT NULL DEFAULT false,
  ADD COLUMN choices jsonb NOT NULL DEFAULT '{}',
  -- Who uploaded the file, what their token allowed, and its size; null for the command line's.
  ADD COLUMN upload jsonb,
  ADD COLUMN read_bytes integer NOT NULL DEFAULT 0,
  -- With completed_at, when it ended otherwise than at the end of the file.
  ADD COLUMN ended_as text CONSTRAINT bulk_imports_ended_as_check CHECK (ended_as IN ('cancelled', 'failed')),
  ADD COLUMN error text;

-- The file itself, until its import has ended. Chunks come before the import: an upload that was cut short leaves none.
CREATE TABLE bulk_import_chunks (
  import_id uuid NOT NULL,
  place integer NOT NULL,
  bytes bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT bulk_import_chunks_pkey PRIMARY KEY (import_id, place)
);
CREATE INDEX bulk_import_chunks_expires_at_idx ON bulk_import_chunks (expires_at);
`;

const down = /* sql */ `
DROP TABLE bulk_import_chunks;
ALTER TABLE bulk_imports DROP COLUMN dry_run, DROP COLUMN choices, DROP COLUMN upload, DROP COLUMN read_bytes,
  DROP COLUMN ended_as, DROP COLUMN error;
`;

export class KeepUploads1797200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
