import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Whom a message goes to: deliveries to one target never wait for those to another.
ALTER TABLE outbox_messages
  ADD COLUMN target text NOT NULL DEFAULT '',
  ADD COLUMN attempted_at timestamptz,
  ADD COLUMN answer_status integer,
  ADD COLUMN answer_excerpt text;
UPDATE outbox_messages SET target = type;

DROP INDEX outbox_messages_due;
CREATE INDEX outbox_messages_due_by_target ON outbox_messages (target, available_at)
  WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_messages_failed ON outbox_messages (id) WHERE failed_at IS NOT NULL;
CREATE INDEX outbox_messages_pending ON outbox_messages (id) WHERE delivered_at IS NULL AND failed_at IS NULL;

-- What ended with a person's access, and who was told. No names of people: receipts outlive them.
CREATE TABLE deprovisioning_receipts (
  id uuid CONSTRAINT deprovisioning_receipts_pkey PRIMARY KEY,
  user_id uuid NOT NULL,
  cause text NOT NULL,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  request_id text,
  created_at timestamptz NOT NULL,
  -- Set once, when no target is open any more; nothing about the receipt changes after that.
  completed_at timestamptz,
  -- What was signed, to the letter, and the detached JWS over it.
  statement text,
  kid text,
  signature text
);
CREATE INDEX deprovisioning_receipts_by_user ON deprovisioning_receipts (user_id, id);
CREATE INDEX deprovisioning_receipts_open ON deprovisioning_receipts (id) WHERE completed_at IS NULL;

CREATE TABLE deprovisioning_receipt_targets (
  receipt_id uuid NOT NULL CONSTRAINT deprovisioning_receipt_targets_receipt_id_fkey
    REFERENCES deprovisioning_receipts ON DELETE CASCADE,
  position integer NOT NULL,
  kind text NOT NULL CONSTRAINT deprovisioning_receipt_targets_kind_check
    CHECK (kind IN ('local', 'relying_party', 'signal_stream', 'scim_target')),
  target_id text,
  target_name text,
  sent text,
  state text NOT NULL CONSTRAINT deprovisioning_receipt_targets_state_check
    CHECK (state IN ('done', 'pending', 'failed', 'not_notified')),
  details jsonb NOT NULL,
  -- The outbox message that tells the target; the message itself is deleted a day after delivery.
  message_id uuid CONSTRAINT deprovisioning_receipt_targets_message_id_key UNIQUE,
  attempts integer NOT NULL DEFAULT 0,
  first_attempt_at timestamptz,
  last_attempt_at timestamptz,
  settled_at timestamptz,
  answer_status integer,
  answer_excerpt text,
  error text,
  CONSTRAINT deprovisioning_receipt_targets_pkey PRIMARY KEY (receipt_id, position)
);
CREATE INDEX deprovisioning_receipt_targets_open ON deprovisioning_receipt_targets (receipt_id)
  WHERE state IN ('pending', 'failed');
`;

const down = /* sql */ `
DROP TABLE deprovisioning_receipt_targets, deprovisioning_receipts;
DROP INDEX outbox_messages_due_by_target, outbox_messages_failed, outbox_messages_pending;
CREATE INDEX outbox_messages_due ON outbox_messages (available_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
ALTER TABLE outbox_messages DROP COLUMN target, DROP COLUMN attempted_at, DROP COLUMN answer_status, DROP COLUMN answer_excerpt;
`;

export class IsolateDeliveryTargets1783000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
