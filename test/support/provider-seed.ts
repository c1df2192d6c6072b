import { hashClientSecret } from '../../src/domain/clients/client-secret.ts';
import { clientSecretContext } from '../../src/domain/keys/rewrap-keys.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { TestProvider } from './provider.ts';

export type SeedClient = {
  readonly clientId: string;
  readonly secret?: string;
  /** Kept readable as well: client_secret_jwt. */
  readonly isReadable?: boolean;
  readonly firstParty?: boolean;
  readonly requirePkce?: boolean;
  readonly claimsInIdToken?: boolean;
  readonly allowedCorsOrigins?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** A client with sensible metadata: a confidential web application unless said otherwise. */
export async function addClient(idp: TestProvider, client: SeedClient): Promise<void> {
  const { clientId, secret, metadata = {} } = client;
  const registered = {
    redirect_uris: ['https://rp.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
    ...metadata,
  };
  await idp.pool.query(
    `INSERT INTO clients (client_id, client_name, client_name_key, enabled, first_party, require_pkce, claims_in_id_token,
       allowed_cors_origins, metadata, created_at, updated_at)
     VALUES ($1, $1, lower($1), true, $2, $3, $4, $5, $6, now(), now())`,
    [
      clientId,
      client.firstParty ?? true,
      client.requirePkce ?? true,
      client.claimsInIdToken ?? false,
      client.allowedCorsOrigins ?? null,
      JSON.stringify(registered),
    ],
  );
  if (secret !== undefined) await addSecret(idp, { clientId, secret, isReadable: client.isReadable === true });
  idp.changes.applyLocally({ topic: 'clients', key: '*' });
}

type SeedSecret = {
  readonly clientId: string;
  readonly secret: string;
  readonly isReadable?: boolean;
  readonly expiresAt?: Date;
};

export async function addSecret(
  idp: TestProvider,
  { clientId, secret, isReadable, expiresAt }: SeedSecret,
): Promise<void> {
  const id = newId<string>();
  await idp.pool.query(
    `INSERT INTO client_secrets (id, client_id, hash, envelope, created_at, expires_at) VALUES ($1, $2, $3, $4, now(), $5)`,
    [
      id,
      clientId,
      hashClientSecret(idp.keyRing.derive('client-secret-pepper'), secret),
      isReadable ? idp.keyRing.seal(Buffer.from(secret), clientSecretContext(id)) : null,
      expiresAt ?? null,
    ],
  );
  idp.changes.applyLocally({ topic: 'clients', key: '*' });
}

export type SeedUser = { readonly userName: string; readonly email?: string; readonly emailVerified?: boolean };

export async function addUser(idp: TestProvider, { userName, email, emailVerified }: SeedUser): Promise<string> {
  const id = newId<string>();
  await idp.pool.query(
    `INSERT INTO users (id, user_name, user_name_key, given_name, given_name_key, family_name, family_name_key,
       display_name, display_name_key, created_at, updated_at)
     VALUES ($1, $2, lower($2), 'Alice', 'alice', 'Archer', 'archer', 'Alice Archer', 'alice archer', now(), now())`,
    [id, userName],
  );
  if (email !== undefined) {
    await idp.pool.query(
      `INSERT INTO user_emails (user_id, position, value, value_key, is_primary, is_verified) VALUES ($1, 0, $2, lower($2), true, $3)`,
      [id, email, emailVerified === true],
    );
  }
  return id;
}

export type SeedResourceServer = {
  readonly identifier: string;
  readonly format?: 'jwt' | 'opaque';
  readonly permissions: readonly string[];
  readonly accessTokenType?: 'at+jwt' | 'JWT';
  readonly signingAlg?: 'ES256' | 'RS256' | 'EdDSA';
};

export async function addResourceServer(idp: TestProvider, server: SeedResourceServer): Promise<void> {
  const id = newId<string>();
  await idp.pool.query(
    `INSERT INTO resource_servers (id, identifier, name, access_token_format, access_token_type,
       access_token_lifetime_seconds, signing_alg, created_at, updated_at)
     VALUES ($1, $2, $2, $3, $4, 300, $5, now(), now())`,
    [
      id,
      server.identifier,
      server.format ?? 'opaque',
      server.accessTokenType ?? 'at+jwt',
      server.signingAlg ?? 'ES256',
    ],
  );
  await idp.pool.query(
    `INSERT INTO permissions (id, resource_server_id, value, created_at, updated_at)
     SELECT gen_random_uuid(), $1, value, now(), now() FROM unnest($2::text[]) AS value`,
    [id, server.permissions],
  );
  idp.changes.applyLocally({ topic: 'resource-servers', key: '*' });
}

export type SeedPermissions = {
  readonly subject: { readonly userId: string } | { readonly clientId: string };
  readonly resource: string;
  readonly values: readonly string[];
};

/** Through a role of its own for a person, directly for a client. */
export async function allow(idp: TestProvider, { subject, resource, values }: SeedPermissions): Promise<string> {
  const role = newId<string>();
  const ids = `SELECT p.id FROM permissions p JOIN resource_servers s ON s.id = p.resource_server_id
    WHERE s.identifier = $2 AND p.value = ANY($3::text[])`;
  if ('clientId' in subject) {
    await idp.pool.query(`INSERT INTO client_permissions (client_id, permission_id) SELECT $1, id FROM (${ids}) AS p`, [
      subject.clientId,
      resource,
      values,
    ]);
  } else {
    await idp.pool.query(
      `INSERT INTO roles (id, name, created_at, updated_at) VALUES ($1::uuid, 'role-' || $1::text, now(), now())`,
      [role],
    );
    await idp.pool.query(`INSERT INTO role_permissions (role_id, permission_id) SELECT $1, id FROM (${ids}) AS p`, [
      role,
      resource,
      values,
    ]);
    await idp.pool.query(
      `INSERT INTO role_assignments (id, role_id, user_id, created_at, updated_at) VALUES (gen_random_uuid(), $1, $2, now(), now())`,
      [role, subject.userId],
    );
  }
  idp.changes.applyLocally({ topic: 'access', key: '*' });
  return role;
}
