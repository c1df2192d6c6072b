import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
CREATE TABLE organization_invitations (
  id uuid CONSTRAINT organization_invitations_pkey PRIMARY KEY,
  organization_id uuid NOT NULL
    CONSTRAINT organization_invitations_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  address text NOT NULL,
  address_key text NOT NULL,
  -- Absent until the mail was written.
  token_hash bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  user_id uuid CONSTRAINT organization_invitations_user_id_fkey REFERENCES users ON DELETE SET NULL
);
CREATE UNIQUE INDEX organization_invitations_token_hash ON organization_invitations (token_hash) WHERE token_hash IS NOT NULL;
CREATE UNIQUE INDEX organization_invitations_one_open
  ON organization_invitations (organization_id, address_key) WHERE accepted_at IS NULL;
CREATE INDEX organization_invitations_by_organization ON organization_invitations (organization_id, id);
CREATE INDEX organization_invitations_by_user ON organization_invitations (user_id) WHERE user_id IS NOT NULL;

ALTER TABLE organization_invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY organization_invitations_of_organization ON organization_invitations
  USING (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]))
  WITH CHECK (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]));

-- Roles that count everywhere are nothing that an organization sees: without a policy there are none.
ALTER TABLE role_assignments ENABLE ROW LEVEL SECURITY;
`;

const down = /* sql */ `
ALTER TABLE role_assignments DISABLE ROW LEVEL SECURITY;
DROP TABLE organization_invitations;
`;

export class AddOrganizationInvitations1790000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
