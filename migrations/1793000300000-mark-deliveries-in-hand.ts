import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Until then a process has the message in hand, whenever it is due again; NULL: nobody has.
ALTER TABLE outbox_messages ADD COLUMN claimed_until timestamptz;
`;

const down = /* sql */ `ALTER TABLE outbox_messages DROP COLUMN claimed_until;`;

export class MarkDeliveriesInHand1793000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
