import { z } from 'zod';
import { clientSettingsShape } from '../../domain/clients/client-input.ts';
import { clientMetadataShape } from '../../domain/clients/client-metadata.ts';
import type { IssuedClientSecret, ListedClientSecret } from '../../domain/clients/client-secrets.ts';
import { wireSettings } from '../../domain/clients/client-state.ts';
import type { RegisteredClient } from '../../domain/clients/registered-client.ts';
import type { ListedConsent } from '../../domain/clients/search-client-consents.ts';

/** What is shown of a client: its own words (RFC 7591), never a secret or the hash of one. */
export const clientResource = z
  .object({
    id: z.string().describe('The client_id.'),
    client_id: z.string(),
    client_id_issued_at: z.int().describe('Seconds since the epoch (RFC 7591 §3.2.1).'),
    ...clientSettingsShape,
    ...clientMetadataShape,
    version: z.int().describe('The number in the ETag.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .partial();

/** The answer in which a generated secret is readable, once. */
export const clientWithSecretResource = clientResource.extend({
  client_secret: z.exactOptional(z.string()).describe('Only here and only now, when it was generated.'),
  client_secret_expires_at: z.exactOptional(z.int()).describe('0: it has no end (RFC 7591 §3.2.1).'),
});

export const clientSecretResource = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional().describe('Absent: no end.'),
});

export const issuedSecretResource = clientSecretResource.extend({
  client_id: z.string(),
  client_secret: z.string().describe('Readable only here and only now.'),
});

export const clientConsentResource = z.object({
  userId: z.uuid(),
  scopes: z.array(z.string()),
  claims: z.array(z.string()),
  resourceScopes: z.record(z.string(), z.array(z.string())).describe('Scopes by resource server identifier.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const presentClient = (client: RegisteredClient) => ({
  id: client.clientId,
  ...wireSettings(client),
  client_id_issued_at: Math.floor(client.createdAt.getTime() / 1000),
  version: client.version,
  createdAt: client.createdAt.toISOString(),
  updatedAt: client.updatedAt.toISOString(),
});

export const presentClientWithSecret = (client: RegisteredClient, generated: IssuedClientSecret | undefined) => ({
  ...presentClient(client),
  ...(generated === undefined ? {} : { client_secret: generated.secret, client_secret_expires_at: 0 }),
});

export const presentClientSecret = ({ id, createdAt, expiresAt }: ListedClientSecret) => ({
  id,
  createdAt: createdAt.toISOString(),
  ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }),
});

export const presentClientConsent = ({ createdAt, updatedAt, ...consent }: ListedConsent) => ({
  userId: consent.userId,
  scopes: consent.scopes,
  claims: consent.claims,
  resourceScopes: consent.resourceScopes,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
