import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Deleted people wait here, out of every query about people, until they are restored or erased. What is left after that says
-- that somebody with this id was there. A migration that adds a NOT NULL column to users or user_emails adds it to snapshots.
CREATE TABLE deleted_users (
  id uuid CONSTRAINT deleted_users_pkey PRIMARY KEY,
  user_name text,
  user_name_key text CONSTRAINT deleted_users_user_name_key UNIQUE,
  snapshot jsonb,
  deleted_at timestamptz NOT NULL,
  erased_at timestamptz,
  CONSTRAINT deleted_users_erased_check CHECK (
    (erased_at IS NULL) = (snapshot IS NOT NULL) AND (erased_at IS NULL) = (user_name IS NOT NULL)
      AND (erased_at IS NULL) = (user_name_key IS NOT NULL))
);
CREATE INDEX deleted_users_waiting ON deleted_users (deleted_at, id) WHERE erased_at IS NULL;

-- What audit events say of people, apart from the events: those are sealed with a digest of it, so that it can be erased.
CREATE TABLE audit_personal_details (
  event_id uuid CONSTRAINT audit_personal_details_pkey PRIMARY KEY,
  user_id uuid NOT NULL,
  salt bytea NOT NULL,
  content text NOT NULL
);
CREATE INDEX audit_personal_details_by_user ON audit_personal_details (user_id);

CREATE FUNCTION refuse_personal_details_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM deleted_users d WHERE d.id = OLD.user_id AND d.erased_at IS NOT NULL) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'what audit events say of people goes with their erasure alone: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_personal_details_erasure_only BEFORE UPDATE OR DELETE ON audit_personal_details
  FOR EACH ROW EXECUTE FUNCTION refuse_personal_details_change();
CREATE TRIGGER audit_personal_details_no_truncate BEFORE TRUNCATE ON audit_personal_details
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_personal_details_change();
`;

const down = /* sql */ `
DROP TABLE audit_personal_details, deleted_users;
DROP FUNCTION refuse_personal_details_change();
`;

export class KeepDeletedUsers1782000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
