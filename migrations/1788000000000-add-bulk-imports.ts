import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- One import of a file: how far it is committed, so that it goes on there after a crash, and what it has counted.
CREATE TABLE bulk_imports (
  id uuid CONSTRAINT bulk_imports_pkey PRIMARY KEY,
  file_digest bytea NOT NULL,
  format text NOT NULL CONSTRAINT bulk_imports_format_check CHECK (format IN ('csv', 'json', 'ldif')),
  committed_rows integer NOT NULL DEFAULT 0,
  counts jsonb NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  completed_at timestamptz
);

-- The rows that were not taken, and why; nothing of their values.
CREATE TABLE bulk_import_faults (
  import_id uuid NOT NULL CONSTRAINT bulk_import_faults_import_id_fkey REFERENCES bulk_imports ON DELETE CASCADE,
  place bigint GENERATED ALWAYS AS IDENTITY,
  line integer NOT NULL,
  column_number integer NOT NULL,
  attribute text NOT NULL,
  code text NOT NULL,
  detail text NOT NULL,
  CONSTRAINT bulk_import_faults_pkey PRIMARY KEY (import_id, place)
);
`;

const down = /* sql */ `DROP TABLE bulk_import_faults, bulk_imports;`;

export class AddBulkImports1788000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
