import { timingSafeEqual } from 'node:crypto';
import type { Client, Provider } from 'oidc-provider';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { ClientRecord, ClientSecretRecord } from '../../domain/clients/client-record.ts';
import { matchesClientSecret } from '../../domain/clients/client-secret.ts';
import { clientSecretContext } from '../../domain/keys/rewrap-keys.ts';
import type { EnqueueLogout } from '../../domain/sessions/enqueue-logout.ts';
import type { Clock } from '../../kernel/clock.ts';
import { randomToken } from '../../kernel/crypto/derive.ts';
import type { ProviderHostParts } from './parts.ts';
import { currentScope } from './request-scope.ts';

export type ClientOverrideParts = {
  readonly clients: ClientCache;
  readonly keyRing: Pick<ProviderHostParts['keyRing'], 'derive' | 'open'>;
  readonly clock: Clock;
  readonly enqueueLogout: EnqueueLogout;
};

const records = new WeakMap<Client, ClientRecord>();

/** Our settings of a client that the library holds. Throws for a client that did not come from our cache. */
export function recordOf(client: Client): ClientRecord {
  const record = records.get(client);
  if (!record) throw new Error(`client ${client.clientId} was not found through the cache`);
  return record;
}

export const findRecordOf = (client: Client | undefined): ClientRecord | undefined => client && records.get(client);

/**
 * Clients come from the cache of the clients room; a disabled one is not found, whatever the entry. What the library makes
 * of a record belongs to this provider instance and is kept beside the record, so it goes when the record changes.
 */
export function overrideClients(
  provider: Provider,
  { clients, keyRing, clock, enqueueLogout }: ClientOverrideParts,
): void {
  const built = new WeakMap<ClientRecord, Client>();
  const pepper = keyRing.derive('client-secret-pepper');
  const counts = (secret: ClientSecretRecord): boolean =>
    secret.expiresAt === undefined || secret.expiresAt.getTime() > clock.now().getTime();

  // A service shows the same secret with every request: the one that was right last time need not be hashed again.
  const accepted = new WeakMap<ClientSecretRecord, Buffer>();
  const isSecret = (secret: ClientSecretRecord, presented: string): boolean => {
    const shown = Buffer.from(presented);
    const known = accepted.get(secret);
    if (known?.length === shown.length && timingSafeEqual(known, shown)) return true;
    const isRight = matchesClientSecret(pepper, secret.hash, presented);
    if (isRight) accepted.set(secret, shown);
    return isRight;
  };

  const build = (record: ClientRecord): Client => {
    const readable = record.secrets.filter((secret) => counts(secret)).flatMap((secret) => openSecret(keyRing, secret));
    const [client, ...others] = (readable.length > 0 ? readable : [undefined]).map((secret) =>
      newClient(provider, record, secret),
    );
    if (!client) throw new Error('unreachable: there is always one');
    // During a change-over both secrets verify what clients sign with them; the newest one signs and encrypts for them.
    for (const other of others) addKeys(client, other);
    if (client.backchannelLogoutUri !== undefined) Object.assign(client, { backchannelLogoutSessionRequired: true });
    records.set(client, record);
    built.set(record, client);
    return client;
  };

  provider.Client.find = async (clientId: string) => {
    if (typeof clientId !== 'string' || clientId === '') return undefined;
    const record = await clients.find(clientId);
    if (!record?.enabled) return undefined;
    return built.get(record) ?? build(record);
  };
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: Client, presented: string): boolean {
      const secrets = records.get(this)?.secrets ?? [];
      const matches = secrets.some((secret) => counts(secret) && isSecret(secret, presented));
      if (matches) markAuthenticated();
      return matches;
    },
    // OIDC Back-Channel Logout §2.1 and RP-Initiated Logout: every ID token says which session it belongs to.
    includeSid: () => true,
    backchannelLogout(this: Client, accountId: string, sid: string): Promise<void> {
      return enqueueLogout({ clientId: this.clientId, accountId, sid });
    },
  });
}

/** The library tells who a client claims to be; from here on it has shown that it is. */
export function markAuthenticated(): void {
  const scope = currentScope();
  if (scope) scope.isClientAuthenticated = true;
}

const SECRETLESS = new Set(['none', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']);

function newClient(provider: Provider, record: ClientRecord, secret: string | undefined): Client {
  const metadata: Record<string, unknown> = { ...record.metadata, client_id: record.clientId };
  if (record.clientName !== undefined) metadata.client_name = record.clientName;
  // The library wants a secret where one is used. Hashed secrets cannot be given; an unguessable one opens nothing.
  if (secret !== undefined) metadata.client_secret = secret;
  else if (!SECRETLESS.has(String(metadata.token_endpoint_auth_method))) metadata.client_secret = randomToken(32);
  const Client = provider.Client as unknown as new (metadata: Record<string, unknown>) => Client;
  return new Client(metadata);
}

function openSecret(keyRing: ClientOverrideParts['keyRing'], { id, envelope }: ClientSecretRecord): string[] {
  return envelope === undefined ? [] : [keyRing.open(envelope, clientSecretContext(id)).toString('utf8')];
}

type KeyStore = Iterable<object> & { add(key: object): void };

function addKeys(client: Client, other: Client): void {
  const target = keysOf(client);
  for (const key of keysOf(other) ?? []) target?.add(key);
}

const keysOf = (client: Client): KeyStore | undefined =>
  (client as unknown as { readonly symmetricKeyStore?: KeyStore }).symmetricKeyStore;
