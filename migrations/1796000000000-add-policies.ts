import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Sign-in policies: ordered rules that ask for more, or refuse. Of the whole deployment, of an organization or of a client.
CREATE TABLE sign_in_policies (
  id uuid CONSTRAINT sign_in_policies_pkey PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL,
  description text,
  organization_id uuid DEFAULT acting_organization()
    CONSTRAINT sign_in_policies_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  client_id text CONSTRAINT sign_in_policies_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  enabled boolean NOT NULL,
  -- Roles, groups and organizations by their ids, so that another name changes nothing.
  rules jsonb NOT NULL,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT sign_in_policies_one_level CHECK (num_nonnulls(organization_id, client_id) <= 1),
  CONSTRAINT sign_in_policies_name_key UNIQUE NULLS NOT DISTINCT (name_key, organization_id)
);
CREATE INDEX sign_in_policies_by_organization ON sign_in_policies (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX sign_in_policies_by_client ON sign_in_policies (client_id) WHERE client_id IS NOT NULL;

ALTER TABLE sign_in_policies ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in_policies_of_organization ON sign_in_policies
  USING (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]))
  WITH CHECK (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]));
`;

const down = /* sql */ `
DROP TABLE sign_in_policies;
`;

export class AddPolicies1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
