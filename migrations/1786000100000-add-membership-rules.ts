import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- A filter over people (RFC 7644 §3.4.2.2). The members of a group that has one are exactly those who meet it.
ALTER TABLE groups ADD COLUMN membership_rule text;
CREATE INDEX groups_with_rule ON groups (id) WHERE membership_rule IS NOT NULL;
`;

const down = /* sql */ `ALTER TABLE groups DROP COLUMN membership_rule;`;

export class AddMembershipRules1786000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
