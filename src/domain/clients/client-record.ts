import type { ClientId } from '../../kernel/ids.ts';

/** RFC 7591 metadata by its registered (snake_case) names; never a secret. */
export type ClientMetadata = Readonly<Record<string, unknown>>;

export type ClientSecretRecord = {
  readonly id: string;
  readonly hash: string;
  /** Only where the protocol needs the secret itself: client_secret_jwt and symmetric algorithms. */
  readonly envelope: Buffer | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
};

/** A client as the provider needs it: what was registered, our own settings, and the secrets that count. */
export type ClientRecord = {
  readonly clientId: ClientId;
  readonly clientName: string | undefined;
  readonly enabled: boolean;
  /** Skips consent. */
  readonly firstParty: boolean;
  readonly requirePkce: boolean;
  readonly claimsInIdToken: boolean;
  /** Undefined: the origins of the redirect URIs. */
  readonly allowedCorsOrigins: readonly string[] | undefined;
  readonly securityProfile: string | undefined;
  /** Undefined: all. */
  readonly scimAttributes: readonly string[] | undefined;
  readonly metadata: ClientMetadata;
  /** Tokens from before this moment are refused. */
  readonly accessValidFrom: Date | undefined;
  /** Newest first. */
  readonly secrets: readonly ClientSecretRecord[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type ClientRow = {
  clientId: ClientId;
  clientName: string | null;
  enabled: boolean;
  firstParty: boolean;
  requirePkce: boolean;
  claimsInIdToken: boolean;
  allowedCorsOrigins: string[] | null;
  securityProfile: string | null;
  scimAttributes: string[] | null;
  metadata: ClientMetadata;
  accessValidFrom: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  secrets: { id: string; hash: string; envelope: string | null; createdAt: string; expiresAt: string | null }[];
};

/** The columns of {@link ClientRow} for `FROM clients c`. */
export const CLIENT_COLUMNS = /* sql */ `
  c.client_id AS "clientId", c.client_name AS "clientName", c.enabled, c.first_party AS "firstParty",
  c.require_pkce AS "requirePkce", c.claims_in_id_token AS "claimsInIdToken",
  c.allowed_cors_origins AS "allowedCorsOrigins", c.security_profile AS "securityProfile", c.scim_attributes AS "scimAttributes", c.metadata,
  c.access_valid_from AS "accessValidFrom", c.version, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  (SELECT coalesce(json_agg(json_build_object('id', s.id, 'hash', s.hash, 'envelope', encode(s.envelope, 'hex'),
     'createdAt', s.created_at, 'expiresAt', s.expires_at) ORDER BY s.created_at DESC, s.id DESC), '[]')
   FROM client_secrets s WHERE s.client_id = c.client_id) AS secrets`;

export function clientOf(row: ClientRow): ClientRecord {
  return {
    ...row,
    clientName: row.clientName ?? undefined,
    allowedCorsOrigins: row.allowedCorsOrigins ?? undefined,
    securityProfile: row.securityProfile ?? undefined,
    scimAttributes: row.scimAttributes ?? undefined,
    accessValidFrom: row.accessValidFrom ?? undefined,
    secrets: row.secrets.map((secret) => ({
      id: secret.id,
      hash: secret.hash,
      envelope: secret.envelope === null ? undefined : Buffer.from(secret.envelope, 'hex'),
      createdAt: new Date(secret.createdAt),
      expiresAt: secret.expiresAt === null ? undefined : new Date(secret.expiresAt),
    })),
  };
}
