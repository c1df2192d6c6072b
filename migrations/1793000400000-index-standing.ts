import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Whether people are let in is answered from the index alone: lists by active count everybody.
CREATE INDEX users_by_standing ON users (id) INCLUDE (status, starts_at, ends_at);
`;

const down = /* sql */ `DROP INDEX users_by_standing;`;

export class IndexStanding1793000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
