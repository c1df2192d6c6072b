import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
CREATE TABLE user_attributes (
  id uuid CONSTRAINT user_attributes_pkey PRIMARY KEY,
  name text NOT NULL,
  -- RFC 7643 §2.1: attribute names are compared without regard to case.
  name_key text NOT NULL CONSTRAINT user_attributes_name_key UNIQUE,
  schema jsonb NOT NULL,
  description text,
  is_unique boolean NOT NULL,
  is_searchable boolean NOT NULL,
  mutability text NOT NULL CONSTRAINT user_attributes_mutability_check CHECK (mutability IN ('readWrite', 'immutable', 'readOnly')),
  readable_by text[] NOT NULL,
  writable_by text[] NOT NULL,
  claim_name text CONSTRAINT user_attributes_claim_key UNIQUE,
  claim_scope text,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT user_attributes_claim_check CHECK ((claim_name IS NULL) = (claim_scope IS NULL))
);

ALTER TABLE users ADD COLUMN custom_attributes jsonb NOT NULL DEFAULT '{}';
UPDATE deleted_users SET snapshot = jsonb_set(snapshot, '{user,custom_attributes}', '{}') WHERE snapshot IS NOT NULL;

-- The index of values of attributes that are searched or unique; the values themselves are with the person.
CREATE TABLE user_attribute_keys (
  attribute_id uuid NOT NULL CONSTRAINT user_attribute_keys_attribute_id_fkey REFERENCES user_attributes ON DELETE CASCADE,
  key text NOT NULL,
  user_id uuid NOT NULL CONSTRAINT user_attribute_keys_user_id_fkey REFERENCES users ON DELETE CASCADE,
  is_unique boolean NOT NULL,
  CONSTRAINT user_attribute_keys_pkey PRIMARY KEY (attribute_id, key, user_id)
);
CREATE UNIQUE INDEX user_attribute_keys_unique ON user_attribute_keys (attribute_id, key) WHERE is_unique;
CREATE INDEX user_attribute_keys_by_user ON user_attribute_keys (user_id);
`;

const down = /* sql */ `
DROP TABLE user_attribute_keys, user_attributes;
ALTER TABLE users DROP COLUMN custom_attributes;
`;

export class AddUserAttributeDefinitions1782000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
