import type { Client, Provider } from 'oidc-provider';
import type { RecordStore } from '../../../domain/sessions/record-store.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { TokenState } from '../introspection.ts';
import { mayIntrospect } from '../introspection.ts';
import { authenticate, hasPublicSubject } from './direct-client.ts';
import { type LiveRecord, liveRecord } from './live-record.ts';
import type { BasicCredentials, PlainForm } from './plain-request.ts';

export type IntrospectionParts = {
  readonly issuer: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly isActive: TokenState;
};

const PARAMETERS: ReadonlySet<string> = new Set(['token', 'token_type_hint']);
const OPAQUE = /^[\w-]{20,128}$/;

/** RFC 7662 for stored access tokens that are active; what is not is answered by the library. */
export function createDirectIntrospection({ issuer, store, clock, isActive }: IntrospectionParts) {
  return async (provider: Provider, form: PlainForm, credentials: BasicCredentials): Promise<object | undefined> => {
    const value = form.get('token') ?? '';
    if (!OPAQUE.test(value) || ![...form.keys()].every((name) => PARAMETERS.has(name))) return undefined;
    const known = await authenticate(provider, credentials);
    if (!known || !answersInJson(known.client)) return undefined;
    const kept = await store.findAny(value);
    const found = kept.get('AccessToken') ?? kept.get('ClientCredentials');
    const token = found && liveRecord(found, Math.floor(clock.now().getTime() / 1000));
    if (!token || !mayIntrospect(known.client, token.payload) || !(await isActive(token.payload))) return undefined;
    if (token.accountId !== undefined && !(await hasPublicSubjectAt(provider, token.clientId))) return undefined;
    return answerOf(issuer, token);
  };
}

/** RFC 9701 §4: who is answered in a JWT asks for it, and who is to have it encrypted must ask. */
const answersInJson = (client: Client): boolean => client.introspectionEncryptedResponseAlg === undefined;

async function hasPublicSubjectAt(provider: Provider, clientId: string): Promise<boolean> {
  const client = await provider.Client.find(clientId);
  return client !== undefined && hasPublicSubject(client);
}

const answerOf = (iss: string, { payload, accountId, clientId, scope }: LiveRecord): object => ({
  active: true,
  ...(accountId === undefined ? {} : { sub: accountId }),
  ...(payload.extra as object | undefined),
  client_id: clientId,
  exp: payload.exp,
  iat: payload.iat,
  sid: payload.sid,
  iss,
  aud: payload.aud,
  scope: scope || undefined,
  token_type: 'Bearer',
});
