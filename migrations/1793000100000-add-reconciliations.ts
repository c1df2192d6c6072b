import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Comparisons of all accounts of a provisioning target with who is to have one there, read page by page.
CREATE TABLE provisioning_reconciliations (
  id uuid CONSTRAINT provisioning_reconciliations_pkey PRIMARY KEY,
  target_id uuid NOT NULL
    CONSTRAINT provisioning_reconciliations_target_id_fkey REFERENCES provisioning_targets ON DELETE CASCADE,
  dry_run boolean NOT NULL,
  state text NOT NULL CONSTRAINT provisioning_reconciliations_state_check
    CHECK (state IN ('running', 'completed', 'failed')),
  -- Accounts read so far, and how many the target says it has.
  accounts_read integer NOT NULL DEFAULT 0,
  accounts_total integer,
  counts jsonb NOT NULL DEFAULT '{}',
  error text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  completed_at timestamptz
);
CREATE INDEX provisioning_reconciliations_by_target ON provisioning_reconciliations (target_id, id);
CREATE UNIQUE INDEX provisioning_reconciliations_one_running ON provisioning_reconciliations (target_id)
  WHERE state = 'running';

CREATE TABLE provisioning_findings (
  reconciliation_id uuid NOT NULL CONSTRAINT provisioning_findings_reconciliation_id_fkey
    REFERENCES provisioning_reconciliations ON DELETE CASCADE,
  place bigint GENERATED ALWAYS AS IDENTITY,
  -- matched: as it is to be; kept until the end alone, to know who has none.
  kind text NOT NULL CONSTRAINT provisioning_findings_kind_check
    CHECK (kind IN ('orphan', 'missing', 'drift', 'unlinked', 'unentitled', 'matched')),
  user_id uuid,
  remote_id text,
  -- Of accounts that nobody here is known to own. What another system gives as an id may be too long for an index: hence md5.
  remote_user_name text,
  -- Paths there whose values differ.
  attributes text[] NOT NULL DEFAULT '{}',
  CONSTRAINT provisioning_findings_pkey PRIMARY KEY (reconciliation_id, place)
);
CREATE UNIQUE INDEX provisioning_findings_account_once ON provisioning_findings (reconciliation_id, md5(remote_id))
  WHERE remote_id IS NOT NULL;
CREATE INDEX provisioning_findings_by_kind ON provisioning_findings (reconciliation_id, kind, place);
CREATE INDEX provisioning_findings_by_user ON provisioning_findings (reconciliation_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX provisioned_accounts_by_remote ON provisioned_accounts (target_id, md5(remote_id)) WHERE remote_id IS NOT NULL;
`;

const down = /* sql */ `
DROP INDEX provisioned_accounts_by_remote;
DROP TABLE provisioning_findings, provisioning_reconciliations;
`;

export class AddReconciliations1793000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
