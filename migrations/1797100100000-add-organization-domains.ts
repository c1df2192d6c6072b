import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Mail domains of organizations, shown to be theirs by a TXT record. A domain counts for days after it was last confirmed.
CREATE TABLE organization_domains (
  id uuid CONSTRAINT organization_domains_pkey PRIMARY KEY,
  organization_id uuid NOT NULL
    CONSTRAINT organization_domains_organization_id_fkey REFERENCES organizations ON DELETE CASCADE,
  domain text NOT NULL,
  -- What the TXT record has to hold: no secret, but nobody else's either.
  challenge text NOT NULL,
  confirmed_at timestamptz,
  checked_at timestamptz,
  fault text CONSTRAINT organization_domains_fault_check CHECK (fault IN ('no_record', 'wrong_record', 'no_answer')),
  created_at timestamptz NOT NULL,
  CONSTRAINT organization_domains_once UNIQUE (organization_id, domain)
);
CREATE UNIQUE INDEX organization_domains_claimed ON organization_domains (domain) WHERE confirmed_at IS NOT NULL;
CREATE INDEX organization_domains_by_check ON organization_domains (checked_at) WHERE confirmed_at IS NOT NULL;

ALTER TABLE organization_domains ENABLE ROW LEVEL SECURITY;
CREATE POLICY organization_domains_of_organization ON organization_domains
  USING (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]))
  WITH CHECK (organization_id = ANY ((SELECT organizations_in_reach())::uuid[]));
`;

const down = /* sql */ `
DROP TABLE organization_domains;
`;

export class AddOrganizationDomains1797100100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
