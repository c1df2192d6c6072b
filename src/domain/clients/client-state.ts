import { isDeepStrictEqual } from 'node:util';
import { comparisonKey } from '../../kernel/text.ts';
import type { ClientInput } from './client-input.ts';
import { metadataNames } from './client-metadata.ts';
import type { ClientMetadata } from './client-record.ts';
import type { StoredClient } from './clients-table.ts';
import type { GrantedPermissions } from './granted-permissions.ts';
import type { RegisteredClient } from './registered-client.ts';

type Settings = Omit<ClientInput, 'client_id' | 'client_secret' | 'client_secret_hash'>;

/** The columns that hold a client's settings. Whether it is enabled is changed by its own commands. */
export function settingColumns(input: Settings) {
  return {
    clientName: input.client_name ?? null,
    clientNameKey: input.client_name === undefined ? null : comparisonKey(input.client_name),
    firstParty: input.first_party ?? false,
    requirePkce: input.require_pkce ?? true,
    claimsInIdToken: input.claims_in_id_token ?? false,
    allowedCorsOrigins: input.allowed_cors_origins === undefined ? null : [...input.allowed_cors_origins],
    securityProfile: input.security_profile ?? null,
    scimAttributes: input.scim_attributes === undefined ? null : [...input.scim_attributes],
    organizationId: input.organization_id ?? null,
    metadata: metadataOf(input),
  } satisfies Partial<StoredClient>;
}

export function metadataOf(input: Settings): ClientMetadata {
  const given = new Map<string, unknown>(Object.entries(input));
  return Object.fromEntries(metadataNames.flatMap((name) => (given.has(name) ? [[name, given.get(name)]] : [])));
}

const isOwn = (name: string): boolean => metadataNames.some((known) => known === name);

/** The metadata that administrators set. A client that registered itself (RFC 7591) may have more of the provider's. */
export const ownMetadata = (metadata: ClientMetadata): ClientMetadata =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => isOwn(name)));

export const foreignMetadata = (metadata: ClientMetadata): ClientMetadata =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !isOwn(name)));

/** A client in the words it is registered with: what `clientInput` takes, and what an administrator is shown. */
export function wireSettings(client: Omit<RegisteredClient, 'version' | 'createdAt' | 'updatedAt'>) {
  return {
    client_id: client.clientId,
    ...(client.clientName === null ? {} : { client_name: client.clientName }),
    enabled: client.enabled,
    first_party: client.firstParty,
    require_pkce: client.requirePkce,
    claims_in_id_token: client.claimsInIdToken,
    ...(client.allowedCorsOrigins === null ? {} : { allowed_cors_origins: client.allowedCorsOrigins }),
    ...(client.securityProfile === null ? {} : { security_profile: client.securityProfile }),
    ...(client.scimAttributes === null ? {} : { scim_attributes: client.scimAttributes }),
    ...(client.organizationId === null ? {} : { organization_id: client.organizationId }),
    permissions: client.permissions,
    ...client.metadata,
  };
}

export type SettingChanges = Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;

/** What differs between two states in wire words, in the form audit details have. */
export function settingChanges(before: object, after: object): SettingChanges {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  const changes: Record<string, { from?: unknown; to?: unknown }> = {};
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(name), is.get(name)];
    if (isDeepStrictEqual(from, to)) continue;
    changes[name] = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  return changes;
}

/** The same permissions in the same order, whatever order they were named in. */
export const sortedPermissions = (permissions: GrantedPermissions): GrantedPermissions =>
  permissions
    .filter(({ values }) => values.length > 0)
    .map(({ resource, values }) => ({ resource, values: [...values].sort() }))
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
