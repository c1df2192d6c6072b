import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
CREATE TABLE organizations (
  id uuid CONSTRAINT organizations_pkey PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL CONSTRAINT organizations_name_key UNIQUE,
  display_name text,
  parent_id uuid CONSTRAINT organizations_parent_id_fkey REFERENCES organizations,
  status text NOT NULL CONSTRAINT organizations_status_check CHECK (status IN ('active', 'suspended')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT organizations_not_itself CHECK (parent_id <> id)
);
CREATE INDEX organizations_by_parent ON organizations (parent_id, id) WHERE parent_id IS NOT NULL;

CREATE TABLE organization_members (
  organization_id uuid NOT NULL CONSTRAINT organization_members_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  user_id uuid NOT NULL CONSTRAINT organization_members_user_id_fkey REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT organization_members_pkey PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_members_by_user ON organization_members (user_id, organization_id);

-- The organization for which the unit of work acts; nothing for everybody else.
CREATE FUNCTION acting_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('doorward.organization', true), '')::uuid $$;

-- The organization that manages the account: its administrators may change and end it. Elsewhere the person is a guest.
ALTER TABLE users ADD COLUMN home_organization_id uuid
  CONSTRAINT users_home_organization_id_fkey REFERENCES organizations;
ALTER TABLE users ALTER COLUMN home_organization_id SET DEFAULT acting_organization();
CREATE INDEX users_by_home_organization ON users (home_organization_id, id) WHERE home_organization_id IS NOT NULL;

-- Teams: groups of an organization. Their names are unique within it.
ALTER TABLE groups ADD COLUMN organization_id uuid CONSTRAINT groups_organization_id_fkey REFERENCES organizations;
ALTER TABLE groups ALTER COLUMN organization_id SET DEFAULT acting_organization();
ALTER TABLE groups DROP CONSTRAINT groups_display_name_key;
ALTER TABLE groups ADD CONSTRAINT groups_display_name_key UNIQUE NULLS NOT DISTINCT (display_name_key, organization_id);
CREATE INDEX groups_by_organization ON groups (organization_id, id) WHERE organization_id IS NOT NULL;

-- Clients of an organization reach nothing beyond it.
ALTER TABLE clients ADD COLUMN organization_id uuid CONSTRAINT clients_organization_id_fkey REFERENCES organizations;
CREATE INDEX clients_by_organization ON clients (organization_id) WHERE organization_id IS NOT NULL;

-- Roles that count only for tokens of this organization and of those below it.
CREATE TABLE organization_role_assignments (
  id uuid CONSTRAINT organization_role_assignments_pkey PRIMARY KEY,
  organization_id uuid NOT NULL CONSTRAINT organization_role_assignments_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  role_id uuid NOT NULL CONSTRAINT organization_role_assignments_role_id_fkey REFERENCES roles ON DELETE CASCADE,
  user_id uuid,
  group_id uuid CONSTRAINT organization_role_assignments_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  starts_at timestamptz,
  ends_at timestamptz,
  reason text,
  created_at timestamptz NOT NULL,
  CONSTRAINT organization_role_assignments_one_subject CHECK (num_nonnulls(user_id, group_id) = 1),
  CONSTRAINT organization_role_assignments_period_check CHECK (starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at),
  -- Whoever leaves the organization loses what they had in it.
  CONSTRAINT organization_role_assignments_user_id_fkey FOREIGN KEY (organization_id, user_id)
    REFERENCES organization_members (organization_id, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX organization_role_assignments_once
  ON organization_role_assignments (organization_id, role_id, user_id, group_id, starts_at) NULLS NOT DISTINCT;
CREATE INDEX organization_role_assignments_by_user ON organization_role_assignments (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX organization_role_assignments_by_group ON organization_role_assignments (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX organization_role_assignments_by_role ON organization_role_assignments (role_id);
`;

const down = /* sql */ `
DROP TABLE organization_role_assignments;
ALTER TABLE clients DROP COLUMN organization_id;
DELETE FROM groups WHERE organization_id IS NOT NULL;
ALTER TABLE groups DROP COLUMN organization_id;
ALTER TABLE groups ADD CONSTRAINT groups_display_name_key UNIQUE (display_name_key);
ALTER TABLE users DROP COLUMN home_organization_id;
DROP FUNCTION acting_organization();
DROP TABLE organization_members, organizations;
`;

export class AddOrganizations1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
