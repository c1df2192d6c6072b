import type { Client, Provider } from 'oidc-provider';
import type { ClientRecord } from '../../../domain/clients/client-record.ts';
import { findRecordOf } from '../client-overrides.ts';
import type { BasicCredentials } from './plain-request.ts';

export type AuthenticatedClient = { readonly client: Client; readonly record: ClientRecord };

const SECRET_METHODS: ReadonlySet<string | undefined> = new Set(['client_secret_basic', 'client_secret_post']);

/** The client whose secret was shown, judged by the same code as in the library; undefined for anything but a plain yes. */
export async function authenticate(
  provider: Provider,
  { clientId, clientSecret }: BasicCredentials,
): Promise<AuthenticatedClient | undefined> {
  const client = await provider.Client.find(clientId);
  const record = findRecordOf(client);
  if (!client || !record || !SECRET_METHODS.has(client.clientAuthMethod)) return undefined;
  if (record.secrets.length === 0 || Number(client.clientSecretExpiresAt ?? 0) !== 0) return undefined;
  return client.compareClientSecret(clientSecret) ? { client, record } : undefined;
}

/** Pairwise subjects are computed per sector: the library's business. */
export const hasPublicSubject = (client: Client): boolean => client.subjectType !== 'pairwise';
