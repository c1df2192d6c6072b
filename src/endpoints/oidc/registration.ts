import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { hashClientSecret } from '../../domain/clients/client-secret.ts';
import { registerClient } from '../../domain/clients/register-client.ts';
import type { ResourceServerLookup } from '../../domain/clients/resource-server-lookup.ts';
import { unregisterClient } from '../../domain/clients/unregister-client.ts';
import { clientSecretContext } from '../../domain/keys/rewrap-keys.ts';
import { endClientAccess } from '../../domain/sessions/end-client-access.ts';
import type { Actor } from '../../kernel/actor.ts';
import { newId } from '../../kernel/ids.ts';
import { networkPrefix, widePrefix } from '../../kernel/network-prefix.ts';
import { actorOf } from './audit-events.ts';
import { standardScopes } from './claims.ts';
import { findRecordOf } from './client-overrides.ts';
import type { ProviderHostParts } from './parts.ts';

export type ClientRegistrations = {
  save(clientId: string, metadata: Readonly<Record<string, unknown>>): Promise<void>;
  remove(clientId: string): Promise<void>;
};

export type RegistrationParts = Pick<ProviderHostParts, 'transact' | 'keyRing' | 'throttle' | 'settings'>;

/** Dynamic registration (RFC 7591, RFC 7592) through the clients room: one transaction with its audit event. */
export function createClientRegistrations(parts: RegistrationParts): ClientRegistrations {
  const { transact, keyRing } = parts;
  return {
    async save(clientId, { client_secret: secret, ...metadata }) {
      // An update repeats the stand-in of a hashed secret: the secret itself did not change.
      const isNew = findRecordOf(Provider.ctx?.oidc.client)?.clientId !== clientId;
      if (isNew && parts.settings.clientRegistration === 'open') await assertNotTooMany(parts);
      const stored = isNew && typeof secret === 'string' ? storedSecret(keyRing, metadata, secret) : undefined;
      await transact(actor(clientId), (tx) => registerClient(tx, { clientId, metadata, secret: stored }));
    },
    async remove(clientId) {
      await transact(actor(clientId), async (tx) => {
        await endClientAccess(tx, { clientId });
        await unregisterClient(tx, { clientId });
      });
    },
  };
}

/** RFC 7591 §5: open registration is rate-limited. What is refused for its metadata never comes here and is not counted. */
async function assertNotTooMany({ throttle }: RegistrationParts): Promise<void> {
  const { ctx } = Provider;
  if (!ctx) return;
  const attempt = await throttle.reserve([
    { scope: 'registration', value: networkPrefix(ctx.ip) },
    { scope: 'registrationFromNetwork', value: widePrefix(ctx.ip) },
  ]);
  if (attempt.kind === 'throttled') throw tooManyRegistrations(ctx, attempt.retryAfterSeconds);
}

/** RFC 6585 §4, in the words of RFC 6749. */
function tooManyRegistrations(ctx: KoaContextWithOIDC, retryAfterSeconds: number): Error {
  ctx.set('Retry-After', String(retryAfterSeconds));
  return Object.assign(new errors.OIDCProviderError(429, 'temporarily_unavailable'), {
    error_description: 'too many clients were registered from this network; try again later',
  });
}

const actor = (clientId: string): Actor => {
  const { ctx } = Provider;
  return { ...(ctx ? actorOf(ctx) : {}), type: 'client', id: clientId };
};

const NEEDS_SECRET_ITSELF = /^(HS|A\d|dir$)/;

function storedSecret(
  keyRing: RegistrationParts['keyRing'],
  metadata: Readonly<Record<string, unknown>>,
  secret: string,
) {
  const hash = hashClientSecret(keyRing.derive('client-secret-pepper'), secret);
  const isReadable =
    metadata.token_endpoint_auth_method === 'client_secret_jwt' ||
    Object.entries(metadata).some(([name, value]) => name.endsWith('_alg') && NEEDS_SECRET_ITSELF.test(String(value)));
  const id = newId<string>();
  if (!isReadable) return { id, hash, envelope: undefined };
  return { id, hash, envelope: keyRing.seal(Buffer.from(secret), clientSecretContext(id)) };
}

/**
 * RFC 7591 §2 `scope`: registered clients may name permissions of resource servers, which the library's static list does not
 * hold. Clients of our own were checked when they were stored.
 */
export function overrideRegisteredScopes(provider: Provider, permissions: () => ReadonlySet<string>): void {
  const Client = provider.Client as unknown as { readonly Schema: { readonly prototype: object } };
  Object.assign(Client.Schema.prototype, {
    scopes(this: { scope?: string; invalidate(message: string): void }) {
      if (!this.scope) return;
      const requested = [...new Set(this.scope.split(' '))];
      const isRegistration = String(Provider.ctx?.oidc.route).startsWith('registration');
      const unknown = requested.find((scope) => !standardScopes.has(scope) && !permissions().has(scope));
      if (isRegistration && unknown !== undefined) {
        this.invalidate('scope must only contain Authorization Server supported scope values');
      }
      this.scope = requested.join(' ');
    },
  });
}

/** All permission values there are, for the check above, which cannot wait. */
export function createPermissionValues(resourceServers: ResourceServerLookup) {
  let values: ReadonlySet<string> = new Set();
  return {
    current: (): ReadonlySet<string> => values,
    async refresh(): Promise<void> {
      values = new Set((await resourceServers.all()).flatMap((server) => [...server.permissions.keys()]));
    },
  };
}
