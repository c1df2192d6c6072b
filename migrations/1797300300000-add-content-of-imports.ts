import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- What the rows of the file are about.
ALTER TABLE bulk_imports ADD COLUMN content text NOT NULL DEFAULT 'people'
  CONSTRAINT bulk_imports_content_check CHECK (content IN ('people', 'groups', 'role_assignments'));
`;

const down = /* sql */ `
ALTER TABLE bulk_imports DROP COLUMN content;
`;

export class AddContentOfImports1797300300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
