import type { Client, Provider } from 'oidc-provider';
import type { AccountCache } from '../../../domain/sessions/account-cache.ts';
import type { RecordStore } from '../../../domain/sessions/record-store.ts';
import { type AccountParts, claimsOf } from '../account.ts';
import { organizationIdOf } from '../organization.ts';
import { hasPublicSubject } from './direct-client.ts';
import { consentedScope, liveRecord } from './live-record.ts';

export type UserinfoParts = AccountParts & { readonly store: RecordStore; readonly accounts: AccountCache };

/** OpenID Connect Core §5.3 for a plain bearer token; what is refused is refused by the library. */
export function createDirectUserinfo(parts: UserinfoParts) {
  return async (provider: Provider, value: string): Promise<object | undefined> => {
    const found = (await parts.store.findAny(value)).get('AccessToken');
    const token = found && liveRecord(found, Math.floor(parts.clock.now().getTime() / 1000));
    if (!token?.grant || token.accountId === undefined || token.payload.aud !== undefined) return undefined;
    if (organizationIdOf(token.payload) !== undefined) return undefined;
    const scope = consentedScope(token.scope, token.grant);
    const client = await provider.Client.find(token.clientId);
    if (scope === undefined || !client || !answersInJson(client)) return undefined;
    const user = await parts.accounts.findActive(token.accountId);
    if (!user) return undefined;
    const resources = (token.grant.resources as object | undefined) ?? {};
    const available = await claimsOf(parts, user, new Set(scope.split(' ')), () => Object.keys(resources));
    const claims = new provider.Claims(available, { client });
    return claims.scope(scope).result();
  };
}

const answersInJson = (client: Client): boolean =>
  client.userinfoSignedResponseAlg === undefined &&
  client.userinfoEncryptedResponseAlg === undefined &&
  hasPublicSubject(client);
