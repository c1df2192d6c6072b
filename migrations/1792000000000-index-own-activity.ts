import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What concerns one person, for the page that shows it to them: tokens, of which there are many, left out. An event about a
 * session, a grant, a role or a group names its person in the details.
 */
const up = /* sql */ `
CREATE INDEX audit_events_of_person ON audit_events_sealed (target_id, id)
  WHERE target_type = 'user' AND type <> 'tokens.issued';
CREATE INDEX audit_events_about_person ON audit_events_sealed
  ((coalesce(details ->> 'userId', details #>> '{changed,userId,to}', details #>> '{changed,userId,from}')), id)
  WHERE type IN ('sessions.ended', 'grants.revoked', 'role-assignments.created', 'role-assignments.deleted');
CREATE INDEX audit_events_about_members ON audit_events_sealed USING gin ((details -> 'userIds'))
  WHERE type IN ('group-members.added', 'group-members.removed');
`;

const down = /* sql */ `
DROP INDEX audit_events_about_members;
DROP INDEX audit_events_about_person;
DROP INDEX audit_events_of_person;
`;

export class IndexOwnActivity1792000000000 implements MigrationInterface {
  name = 'IndexOwnActivity1792000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
