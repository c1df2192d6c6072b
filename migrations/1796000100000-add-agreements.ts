import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Sign-in policies may ask for several documents; the one that accounts are made under is called terms.
ALTER TABLE terms_acceptances ADD COLUMN document text NOT NULL DEFAULT 'terms';
ALTER TABLE terms_acceptances DROP CONSTRAINT terms_acceptances_pkey;
ALTER TABLE terms_acceptances ADD CONSTRAINT terms_acceptances_pkey PRIMARY KEY (user_id, document, version);
`;

const down = /* sql */ `
DELETE FROM terms_acceptances WHERE document <> 'terms';
ALTER TABLE terms_acceptances DROP CONSTRAINT terms_acceptances_pkey;
ALTER TABLE terms_acceptances ADD CONSTRAINT terms_acceptances_pkey PRIMARY KEY (user_id, version);
ALTER TABLE terms_acceptances DROP COLUMN document;
`;

export class AddAgreements1796000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
