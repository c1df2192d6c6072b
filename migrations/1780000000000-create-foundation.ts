import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = /* sql */ `
-- Keys and secrets -----------------------------------------------------------------------------------------------

CREATE TABLE secrets (
  name text CONSTRAINT secrets_pkey PRIMARY KEY,
  envelope bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE signing_keys (
  kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
  alg text NOT NULL,
  state text NOT NULL CONSTRAINT signing_keys_state_check CHECK (state IN ('next', 'active', 'retiring', 'retired')),
  public_jwk jsonb NOT NULL,
  private_jwk_envelope bytea,
  created_at timestamptz NOT NULL,
  activated_at timestamptz,
  retiring_at timestamptz,
  retired_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (alg) WHERE state = 'active';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (alg) WHERE state = 'next';

-- People (RFC 7643 §4.1) -----------------------------------------------------------------------------------------

CREATE TABLE users (
  id uuid CONSTRAINT users_pkey PRIMARY KEY,
  user_name text NOT NULL,
  user_name_key text NOT NULL CONSTRAINT users_user_name_key UNIQUE,
  external_id text,
  active boolean NOT NULL,
  formatted_name text,
  family_name text,
  family_name_key text,
  given_name text,
  given_name_key text,
  middle_name text,
  honorific_prefix text,
  honorific_suffix text,
  display_name text,
  display_name_key text,
  nick_name text,
  profile_url text,
  title text,
  user_type text,
  preferred_language text,
  locale text,
  timezone text,
  gender text,
  birthdate text,
  website text,
  phone_numbers jsonb NOT NULL DEFAULT '[]',
  addresses jsonb NOT NULL DEFAULT '[]',
  photos jsonb NOT NULL DEFAULT '[]',
  -- Sessions and tokens from before this moment are refused wherever they are presented.
  access_valid_from timestamptz,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX users_by_external_id ON users (external_id, id) WHERE external_id IS NOT NULL;
CREATE INDEX users_by_family_name ON users (family_name_key, id) WHERE family_name_key IS NOT NULL;
CREATE INDEX users_by_given_name ON users (given_name_key, id) WHERE given_name_key IS NOT NULL;
CREATE INDEX users_by_display_name ON users (display_name_key, id) WHERE display_name_key IS NOT NULL;
CREATE INDEX users_by_active ON users (active, id);

CREATE TABLE user_emails (
  user_id uuid NOT NULL CONSTRAINT user_emails_user_id_fkey REFERENCES users ON DELETE CASCADE,
  position smallint NOT NULL,
  value text NOT NULL,
  value_key text NOT NULL,
  type text,
  is_primary boolean NOT NULL,
  is_verified boolean NOT NULL,
  CONSTRAINT user_emails_pkey PRIMARY KEY (user_id, position)
);
CREATE UNIQUE INDEX user_emails_value_once ON user_emails (user_id, value_key);
CREATE UNIQUE INDEX user_emails_one_primary ON user_emails (user_id) WHERE is_primary;
CREATE INDEX user_emails_by_value ON user_emails (value_key, user_id);

CREATE TABLE password_credentials (
  user_id uuid CONSTRAINT password_credentials_pkey PRIMARY KEY
    CONSTRAINT password_credentials_user_id_fkey REFERENCES users ON DELETE CASCADE,
  hash text NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE one_time_links (
  token_hash bytea CONSTRAINT one_time_links_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT one_time_links_user_id_fkey REFERENCES users ON DELETE CASCADE,
  purpose text NOT NULL CONSTRAINT one_time_links_purpose_check CHECK (purpose IN ('set_password')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz
);
CREATE INDEX one_time_links_by_user ON one_time_links (user_id);
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

-- Sign-in throttle: one row per key (account or network prefix, keyed hash), counting failures that drain over time.
CREATE TABLE throttle_counters (
  key bytea CONSTRAINT throttle_counters_pkey PRIMARY KEY,
  failures double precision NOT NULL,
  updated_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
)
-- Few rows that change with every attempt, and no index on what changes: new versions stay on their page.
WITH (fillfactor = 40);

-- Browsers a person has signed in from: under attack they keep their own allowance.
CREATE TABLE known_devices (
  token_hash bytea CONSTRAINT known_devices_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT known_devices_user_id_fkey REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX known_devices_by_user ON known_devices (user_id);
CREATE INDEX known_devices_by_expiry ON known_devices (expires_at);

-- Groups (RFC 7643 §4.2) -----------------------------------------------------------------------------------------

CREATE TABLE groups (
  id uuid CONSTRAINT groups_pkey PRIMARY KEY,
  display_name text NOT NULL,
  display_name_key text NOT NULL CONSTRAINT groups_display_name_key UNIQUE,
  external_id text,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX groups_by_external_id ON groups (external_id, id) WHERE external_id IS NOT NULL;

CREATE TABLE group_members (
  group_id uuid NOT NULL CONSTRAINT group_members_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  user_id uuid NOT NULL CONSTRAINT group_members_user_id_fkey REFERENCES users ON DELETE CASCADE,
  managed_by text,
  created_at timestamptz NOT NULL,
  CONSTRAINT group_members_pkey PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id, group_id);

-- Applications (RFC 7591) and resource servers (RFC 8707) --------------------------------------------------------

CREATE TABLE clients (
  client_id text CONSTRAINT clients_pkey PRIMARY KEY,
  client_name text,
  client_name_key text,
  enabled boolean NOT NULL,
  first_party boolean NOT NULL,
  require_pkce boolean NOT NULL,
  claims_in_id_token boolean NOT NULL,
  allowed_cors_origins text[],
  security_profile text,
  -- Registered metadata by its RFC 7591 / OIDC registration names; secrets never.
  metadata jsonb NOT NULL,
  -- Tokens issued to this client before this moment are refused wherever they are presented.
  access_valid_from timestamptz,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX clients_by_name ON clients (client_name_key, client_id) WHERE client_name_key IS NOT NULL;

CREATE TABLE client_secrets (
  id uuid CONSTRAINT client_secrets_pkey PRIMARY KEY,
  client_id text NOT NULL CONSTRAINT client_secrets_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  hash text NOT NULL,
  -- Only where the protocol needs the secret itself: client_secret_jwt and symmetric JWE.
  envelope bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE resource_servers (
  id uuid CONSTRAINT resource_servers_pkey PRIMARY KEY,
  identifier text NOT NULL CONSTRAINT resource_servers_identifier_key UNIQUE,
  name text NOT NULL,
  access_token_format text NOT NULL CONSTRAINT resource_servers_format_check CHECK (access_token_format IN ('jwt', 'opaque')),
  access_token_type text NOT NULL CONSTRAINT resource_servers_type_check CHECK (access_token_type IN ('at+jwt', 'JWT')),
  access_token_lifetime_seconds integer NOT NULL CONSTRAINT resource_servers_lifetime_check
    CHECK (access_token_lifetime_seconds BETWEEN 10 AND 86400),
  signing_alg text NOT NULL,
  built_in boolean NOT NULL DEFAULT false,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE permissions (
  id uuid CONSTRAINT permissions_pkey PRIMARY KEY,
  resource_server_id uuid NOT NULL CONSTRAINT permissions_resource_server_id_fkey REFERENCES resource_servers ON DELETE CASCADE,
  value text NOT NULL,
  description text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT permissions_value_key UNIQUE (resource_server_id, value)
);
CREATE INDEX permissions_by_value ON permissions (value, id);

CREATE TABLE consents (
  user_id uuid NOT NULL CONSTRAINT consents_user_id_fkey REFERENCES users ON DELETE CASCADE,
  client_id text NOT NULL CONSTRAINT consents_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  scopes text[] NOT NULL,
  claims text[] NOT NULL,
  -- Resource server identifier → scopes.
  resource_scopes jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT consents_pkey PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consents_by_client ON consents (client_id);

-- Access: NIST RBAC ----------------------------------------------------------------------------------------------

CREATE TABLE roles (
  id uuid CONSTRAINT roles_pkey PRIMARY KEY,
  name text NOT NULL CONSTRAINT roles_name_key UNIQUE,
  description text,
  built_in boolean NOT NULL DEFAULT false,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE role_permissions (
  role_id uuid NOT NULL CONSTRAINT role_permissions_role_id_fkey REFERENCES roles ON DELETE CASCADE,
  permission_id uuid NOT NULL CONSTRAINT role_permissions_permission_id_fkey REFERENCES permissions ON DELETE CASCADE,
  CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, permission_id)
);
CREATE INDEX role_permissions_by_permission ON role_permissions (permission_id);

CREATE TABLE role_inheritance (
  role_id uuid NOT NULL CONSTRAINT role_inheritance_role_id_fkey REFERENCES roles ON DELETE CASCADE,
  inherits_role_id uuid NOT NULL CONSTRAINT role_inheritance_inherits_role_id_fkey REFERENCES roles ON DELETE CASCADE,
  CONSTRAINT role_inheritance_pkey PRIMARY KEY (role_id, inherits_role_id),
  CONSTRAINT role_inheritance_not_itself CHECK (role_id <> inherits_role_id)
);
CREATE INDEX role_inheritance_by_inherited ON role_inheritance (inherits_role_id);

CREATE TABLE role_assignments (
  id uuid CONSTRAINT role_assignments_pkey PRIMARY KEY,
  role_id uuid NOT NULL CONSTRAINT role_assignments_role_id_fkey REFERENCES roles ON DELETE CASCADE,
  user_id uuid CONSTRAINT role_assignments_user_id_fkey REFERENCES users ON DELETE CASCADE,
  group_id uuid CONSTRAINT role_assignments_group_id_fkey REFERENCES groups ON DELETE CASCADE,
  client_id text CONSTRAINT role_assignments_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  starts_at timestamptz,
  ends_at timestamptz,
  reason text,
  managed_by text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT role_assignments_one_subject CHECK (num_nonnulls(user_id, group_id, client_id) = 1),
  CONSTRAINT role_assignments_period_check CHECK (starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at)
);
CREATE UNIQUE INDEX role_assignments_once ON role_assignments (role_id, user_id, group_id, client_id, starts_at) NULLS NOT DISTINCT;
CREATE INDEX role_assignments_by_user ON role_assignments (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX role_assignments_by_group ON role_assignments (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX role_assignments_by_client ON role_assignments (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE client_permissions (
  client_id text NOT NULL CONSTRAINT client_permissions_client_id_fkey REFERENCES clients ON DELETE CASCADE,
  permission_id uuid NOT NULL CONSTRAINT client_permissions_permission_id_fkey REFERENCES permissions ON DELETE CASCADE,
  CONSTRAINT client_permissions_pkey PRIMARY KEY (client_id, permission_id)
);
CREATE INDEX client_permissions_by_permission ON client_permissions (permission_id);

-- What the provider stores ---------------------------------------------------------------------------------------

CREATE TABLE provider_records (
  id bytea NOT NULL,
  model text NOT NULL,
  payload text NOT NULL,
  account_id uuid,
  client_id text,
  grant_id bytea,
  uid text,
  user_code bytea,
  session_uid text,
  -- Refresh tokens: the successor, readable only with the predecessor in hand.
  successor bytea,
  consumed_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CONSTRAINT provider_records_pkey PRIMARY KEY (id, model)
);
CREATE INDEX provider_records_by_expiry ON provider_records (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX provider_records_by_account ON provider_records (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX provider_records_by_client ON provider_records (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX provider_records_by_grant ON provider_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX provider_records_by_uid ON provider_records (uid) WHERE uid IS NOT NULL;
CREATE INDEX provider_records_by_user_code ON provider_records (user_code) WHERE user_code IS NOT NULL;
CREATE INDEX provider_records_sessions ON provider_records (id) WHERE model = 'Session';
CREATE INDEX provider_records_grants ON provider_records (id) WHERE model = 'Grant';

-- Ids of JWT access tokens that were revoked before they expired (RFC 7009).
CREATE TABLE revoked_access_tokens (
  jti_hash bytea CONSTRAINT revoked_access_tokens_pkey PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at);

-- Client assertions and DPoP proofs seen (RFC 7523 §3, RFC 9449 §11.1).
CREATE TABLE replay_detections (
  key_hash bytea CONSTRAINT replay_detections_pkey PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX replay_detections_by_expiry ON replay_detections (expires_at);

-- What declarative files have declared and got ----------------------------------------------------------------------

-- Kept by name: what somebody else ended since does not come back for whoever bears the name later, nor at the next apply.
CREATE TABLE declared_items (
  kind text NOT NULL CONSTRAINT declared_items_kind_check
    CHECK (kind IN ('user', 'role_assignment', 'group_membership', 'client_secret')),
  subject text NOT NULL,
  object text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT declared_items_pkey PRIMARY KEY (subject, kind, object)
);

-- Audit and outbox -----------------------------------------------------------------------------------------------

-- What was recorded. New events wait, for about a second, in a partition without indexes; the sealer moves them to the sealed
-- one with their place in the chain. So a token request pays for one short insert, and no row is ever updated.
CREATE TABLE audit_events (
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL CONSTRAINT audit_events_outcome_check CHECK (outcome IN ('success', 'refused', 'failure')),
  reason text,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  target_type text,
  target_id text,
  client_id text,
  request_id text,
  ip_address text,
  user_agent text,
  details jsonb,
  sequence bigint,
  previous_hash bytea,
  hash bytea
) PARTITION BY LIST ((sequence IS NULL));
CREATE TABLE audit_events_unsealed PARTITION OF audit_events FOR VALUES IN (true);
CREATE TABLE audit_events_sealed PARTITION OF audit_events (
  CONSTRAINT audit_events_sealed_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_sealed_sequence_key UNIQUE (sequence)
) FOR VALUES IN (false);
CREATE INDEX audit_events_by_request ON audit_events_sealed (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX audit_events_by_actor ON audit_events_sealed (actor_id, id);
CREATE INDEX audit_events_by_target ON audit_events_sealed (target_id, id) WHERE target_id IS NOT NULL;
CREATE INDEX audit_events_by_type ON audit_events_sealed (type, id);

CREATE TABLE audit_checkpoints (
  sequence bigint CONSTRAINT audit_checkpoints_pkey PRIMARY KEY,
  hash bytea NOT NULL,
  signed_at timestamptz NOT NULL,
  kid text NOT NULL,
  signature text NOT NULL
);

-- One link of the chain; seed is the hash before the first event of a batch.
CREATE FUNCTION audit_link(previous bytea, content text, seed bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN sha256(coalesce(seed, previous) || convert_to(content, 'UTF8'));
END $$;
CREATE AGGREGATE audit_chain (content text, seed bytea) (SFUNC = audit_link, STYPE = bytea);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Events that are not sealed may go, but only to where assert_audit_sealed then finds them.
  IF TG_OP = 'DELETE' THEN
    IF OLD.sequence IS NULL THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is insert-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION assert_audit_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM gone LEFT JOIN audit_events_sealed kept ON kept.id = gone.id
    WHERE (gone.id, gone.occurred_at, gone.type, gone.outcome, gone.reason, gone.actor_type, gone.actor_id, gone.target_type,
           gone.target_id, gone.client_id, gone.request_id, gone.ip_address, gone.user_agent, gone.details)
      IS DISTINCT FROM
          (kept.id, kept.occurred_at, kept.type, kept.outcome, kept.reason, kept.actor_type, kept.actor_id, kept.target_type,
           kept.target_id, kept.client_id, kept.request_id, kept.ip_address, kept.user_agent, kept.details)
  ) THEN
    RAISE EXCEPTION 'the audit log is insert-only: DELETE of events that were not sealed refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER audit_events_insert_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_sealed_no_truncate BEFORE TRUNCATE ON audit_events_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_unsealed_no_truncate BEFORE TRUNCATE ON audit_events_unsealed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_only_sealed_go AFTER DELETE ON audit_events
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION assert_audit_sealed();
CREATE TRIGGER audit_events_unsealed_only_sealed_go AFTER DELETE ON audit_events_unsealed
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION assert_audit_sealed();
CREATE TRIGGER audit_checkpoints_insert_only BEFORE UPDATE OR DELETE ON audit_checkpoints
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE outbox_messages (
  id uuid CONSTRAINT outbox_messages_pkey PRIMARY KEY,
  type text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL,
  available_at timestamptz NOT NULL,
  delivered_at timestamptz,
  failed_at timestamptz
);
CREATE INDEX outbox_messages_due ON outbox_messages (available_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_messages_delivered ON outbox_messages (delivered_at) WHERE delivered_at IS NOT NULL;
`;

const down = /* sql */ `
DROP TABLE declared_items, outbox_messages, audit_checkpoints, audit_events, replay_detections, revoked_access_tokens, provider_records,
  client_permissions, role_assignments, role_inheritance, role_permissions, roles, consents, permissions, resource_servers,
  client_secrets, clients, group_members, groups, known_devices, throttle_counters, one_time_links, password_credentials,
  user_emails, users, signing_keys, secrets CASCADE;
DROP AGGREGATE audit_chain (text, bytea);
DROP FUNCTION audit_link(bytea, text, bytea), refuse_audit_change(), assert_audit_sealed();
`;

export class CreateFoundation1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
