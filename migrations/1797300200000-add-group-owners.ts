import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Who looks after a group: they say who is in it, and get nothing from it themselves.
CREATE TABLE group_owners (
  group_id uuid NOT NULL CONSTRAINT group_owners_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  user_id uuid NOT NULL CONSTRAINT group_owners_user_id_fkey REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  CONSTRAINT group_owners_pkey PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_owners_by_user ON group_owners (user_id, group_id);

ALTER TABLE group_owners ENABLE ROW LEVEL SECURITY;
CREATE POLICY group_owners_of_organization ON group_owners
  USING (EXISTS (SELECT FROM groups g WHERE g.id = group_id) AND EXISTS (SELECT FROM users p WHERE p.id = user_id))
  WITH CHECK (EXISTS (SELECT FROM groups g WHERE g.id = group_id) AND EXISTS (SELECT FROM users p WHERE p.id = user_id));
`;

const down = /* sql */ `
DROP TABLE group_owners;
`;

export class AddGroupOwners1797300200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
