import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- One row per mail that was written: how many a recipient got lately, and whether this one was handed over already.
CREATE TABLE mail_deliveries (
  message_id uuid CONSTRAINT mail_deliveries_pkey PRIMARY KEY,
  -- Keyed: the table does not list who was written to.
  recipient_hash bytea NOT NULL,
  class text NOT NULL CONSTRAINT mail_deliveries_class_check CHECK (class IN ('asked', 'notice')),
  written_at timestamptz NOT NULL,
  sent_at timestamptz,
  expires_at timestamptz NOT NULL
);
CREATE INDEX mail_deliveries_by_recipient ON mail_deliveries (recipient_hash, class, written_at);
CREATE INDEX mail_deliveries_by_expiry ON mail_deliveries (expires_at);

-- Development without a mail server: the newest mails, sealed, for /dev/mail.
CREATE TABLE kept_mails (
  id uuid CONSTRAINT kept_mails_pkey PRIMARY KEY,
  envelope bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX kept_mails_by_age ON kept_mails (created_at DESC, id DESC);

-- Links that are mailed: bound to the address they went to, and for more than passwords.
ALTER TABLE one_time_links ADD COLUMN address_key text;
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check CHECK (purpose IN ('set_password', 'verify_email'));
`;

const down = /* sql */ `
DELETE FROM one_time_links WHERE purpose <> 'set_password';
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check CHECK (purpose IN ('set_password'));
ALTER TABLE one_time_links DROP COLUMN address_key;
DROP TABLE kept_mails, mail_deliveries;
`;

export class AddMail1785000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
