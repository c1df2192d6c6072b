import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Groups inside groups: whoever is in the included group is, indirectly, in the other one.
CREATE TABLE group_inclusions (
  group_id uuid NOT NULL CONSTRAINT group_inclusions_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  included_group_id uuid NOT NULL CONSTRAINT group_inclusions_included_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  CONSTRAINT group_inclusions_pkey PRIMARY KEY (group_id, included_group_id),
  CONSTRAINT group_inclusions_not_itself CHECK (group_id <> included_group_id)
);
CREATE INDEX group_inclusions_by_included ON group_inclusions (included_group_id, group_id);
`;

const down = /* sql */ `DROP TABLE group_inclusions;`;

export class AddGroupInclusions1786000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
