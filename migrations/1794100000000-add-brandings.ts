import type { MigrationInterface, QueryRunner } from 'typeorm';

const REACH = '(SELECT organizations_in_reach())::uuid[]';

const up = /* sql */ `
-- How pages and mails look: of the deployment (no owner), of an organization, or of a client.
CREATE TABLE brandings (
  id uuid CONSTRAINT brandings_pkey PRIMARY KEY,
  organization_id uuid CONSTRAINT brandings_organization_id_key UNIQUE
    CONSTRAINT brandings_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  client_id text CONSTRAINT brandings_client_id_key UNIQUE
    CONSTRAINT brandings_client_id_fkey REFERENCES clients (client_id) ON DELETE CASCADE,
  settings jsonb NOT NULL,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT brandings_one_owner CHECK (num_nonnulls(organization_id, client_id) <= 1)
);
CREATE UNIQUE INDEX brandings_of_deployment ON brandings ((true))
  WHERE organization_id IS NULL AND client_id IS NULL;

CREATE TABLE branding_logos (
  branding_id uuid NOT NULL CONSTRAINT branding_logos_branding_id_fkey REFERENCES brandings ON DELETE CASCADE,
  hash text NOT NULL,
  media_type text NOT NULL CONSTRAINT branding_logos_media_type_check CHECK (media_type IN ('image/png', 'image/webp', 'image/jpeg')),
  bytes bytea NOT NULL CONSTRAINT branding_logos_size_check CHECK (octet_length(bytes) <= 65536),
  CONSTRAINT branding_logos_pkey PRIMARY KEY (branding_id, hash)
);
CREATE INDEX branding_logos_by_hash ON branding_logos (hash);

-- Whoever acts for an organization sees and changes its own and those below it (ADR 0046).
ALTER TABLE brandings ENABLE ROW LEVEL SECURITY;
ALTER TABLE branding_logos ENABLE ROW LEVEL SECURITY;
CREATE POLICY brandings_of_organization ON brandings USING (organization_id = ANY (${REACH}))
  WITH CHECK (organization_id = ANY (${REACH}));
CREATE POLICY branding_logos_of_organization ON branding_logos
  USING (EXISTS (SELECT FROM brandings b WHERE b.id = branding_id))
  WITH CHECK (EXISTS (SELECT FROM brandings b WHERE b.id = branding_id));
`;

const down = /* sql */ `DROP TABLE branding_logos, brandings;`;

export class AddBrandings1794100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
