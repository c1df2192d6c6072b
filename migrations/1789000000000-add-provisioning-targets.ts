import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Applications in which people who hold a group or a role have an account, made and ended over SCIM (RFC 7644).
CREATE TABLE provisioning_targets (
  id uuid CONSTRAINT provisioning_targets_pkey PRIMARY KEY,
  name text NOT NULL,
  base_url text NOT NULL,
  -- How it is called, without the secret.
  authentication jsonb NOT NULL,
  secret_envelope bytea NOT NULL,
  -- Neither any more: the group or role was deleted, and nobody has a claim to an account.
  group_id uuid CONSTRAINT provisioning_targets_group_id_fkey REFERENCES groups ON DELETE SET NULL,
  role_id uuid CONSTRAINT provisioning_targets_role_id_fkey REFERENCES roles ON DELETE SET NULL,
  -- Path there → attribute here.
  mapping jsonb NOT NULL,
  deprovisioning text NOT NULL CONSTRAINT provisioning_targets_deprovisioning_check
    CHECK (deprovisioning IN ('deactivate', 'delete')),
  state text NOT NULL CONSTRAINT provisioning_targets_state_check CHECK (state IN ('active', 'paused')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT provisioning_targets_one_source CHECK (num_nonnulls(group_id, role_id) <= 1)
);
CREATE INDEX provisioning_targets_by_group ON provisioning_targets (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX provisioning_targets_by_role ON provisioning_targets (role_id) WHERE role_id IS NOT NULL;

-- Accounts that were made, or taken over, there. They outlive the person here: somebody has to end them.
CREATE TABLE provisioned_accounts (
  target_id uuid NOT NULL CONSTRAINT provisioned_accounts_target_id_fkey REFERENCES provisioning_targets ON DELETE CASCADE,
  user_id uuid NOT NULL,
  -- Whether one was made is not known while it is pending.
  state text NOT NULL CONSTRAINT provisioned_accounts_state_check CHECK (state IN ('pending', 'active', 'inactive')),
  remote_id text,
  -- Of what was last sent: the same is not sent again.
  sent_digest bytea,
  -- Until then one delivery works on it, and no other.
  leased_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT provisioned_accounts_pkey PRIMARY KEY (target_id, user_id)
);
CREATE INDEX provisioned_accounts_by_user ON provisioned_accounts (user_id);
`;

const down = /* sql */ `DROP TABLE provisioned_accounts, provisioning_targets;`;

export class AddProvisioningTargets1789000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
