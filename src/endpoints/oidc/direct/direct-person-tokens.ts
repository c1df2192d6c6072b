import type { Client, Provider } from 'oidc-provider';
import type { AccountCache } from '../../../domain/sessions/account-cache.ts';
import type { FoundRecord, RecordPayload } from '../../../domain/sessions/provider-record.ts';
import type { RecordStore } from '../../../domain/sessions/record-store.ts';
import type { IssuedRecord, RedeemOnce } from '../../../domain/sessions/redeem-once.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { constantTimeEqual, randomToken, sha256 } from '../../../kernel/crypto/derive.ts';
import { auditRow } from '../../../persistence/audit-rows.ts';
import { lifetimes, refreshTokenLifetime } from '../lifetimes.ts';
import type { ProviderObservation } from '../parts.ts';
import type { RefreshRotation } from '../refresh-rotation.ts';
import type { AdmitsRefresh } from '../sign-in-policy.ts';
import { authenticate, hasPublicSubject } from './direct-client.ts';
import type { RequestFacts } from './direct-client-credentials.ts';
import type { JwtSigner } from './jwt-signer.ts';
import { consentedScope, type LiveRecord, liveRecord } from './live-record.ts';
import type { BasicCredentials, PlainForm } from './plain-request.ts';

export type PersonTokenParts = {
  readonly issuer: string;
  readonly store: RecordStore;
  readonly redeemOnce: RedeemOnce;
  readonly clock: Clock;
  readonly accounts: AccountCache;
  readonly rotation: RefreshRotation;
  readonly admitsRefresh: AdmitsRefresh;
  readonly sign: JwtSigner;
  readonly observe: (observation: ProviderObservation) => void;
};

const CODE = { grantType: 'authorization_code', model: 'AuthorizationCode', parameter: 'code' } as const;
const REFRESH = { grantType: 'refresh_token', model: 'RefreshToken', parameter: 'refresh_token' } as const;
type Kind = typeof CODE | typeof REFRESH;

const PARAMETERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [CODE.grantType, new Set(['grant_type', 'code', 'redirect_uri', 'code_verifier'])],
  [REFRESH.grantType, new Set(['grant_type', 'refresh_token'])],
]);

/**
 * RFC 6749 §4.1.3 with PKCE, and §6 with rotation, for the tokens of a sign-in that are for nobody but the client: an opaque
 * access token, an ID token, and a refresh token where the client may have one. Undefined where the library has something to
 * refuse or to decide: everything is checked before the code or the refresh token is used up, and who loses a race for it goes
 * to the library too, which knows what a second presentation means.
 */
export function createDirectPersonTokens(parts: PersonTokenParts) {
  return async (
    provider: Provider,
    form: PlainForm,
    credentials: BasicCredentials,
    facts: RequestFacts,
  ): Promise<object | undefined> => {
    const kind = form.get('grant_type') === CODE.grantType ? CODE : REFRESH;
    const parameters = PARAMETERS.get(form.get('grant_type') ?? '');
    const value = form.get(kind.parameter);
    if (!parameters || value === undefined || ![...form.keys()].every((name) => parameters.has(name))) return undefined;
    const known = await authenticate(provider, credentials);
    if (!known || !isPlain(known.client, kind) || known.record.claimsInIdToken || known.record.securityProfile)
      return undefined;
    const found = (await parts.store.findAny(value)).get(kind.model);
    const source = found && (await redeemable(parts, kind, found, form, known.client));
    return source && issue(parts, kind, { value, source, client: known.client, facts });
  };
}

const SIGNING: ReadonlySet<string | undefined> = new Set(['RS256', 'ES256', 'EdDSA']);

const isPlain = (client: Client, { grantType }: Kind): boolean =>
  client.grantTypeAllowed(grantType) &&
  client.dpopBoundAccessTokens !== true &&
  client.tlsClientCertificateBoundAccessTokens !== true &&
  hasPublicSubject(client) &&
  SIGNING.has(client.idTokenSignedResponseAlg) &&
  client.idTokenEncryptedResponseAlg === undefined;

type Source = LiveRecord & { readonly accountId: string; readonly grantId: string; readonly granted: string };

async function redeemable(
  { accounts, clock, admitsRefresh }: PersonTokenParts,
  kind: Kind,
  found: FoundRecord,
  form: PlainForm,
  client: Client,
): Promise<Source | undefined> {
  const live = liveRecord(found, Math.floor(clock.now().getTime() / 1000));
  if (!live?.grant || live.accountId === undefined || live.clientId !== client.clientId) return undefined;
  if (found.consumedSecondsAgo !== undefined || live.payload.dpopJkt !== undefined) return undefined;
  if (kind === CODE && !matchesRequest(live.payload, form)) return undefined;
  const { amr, authTime, expiresWithSession, grantId } = live.payload;
  const granted = consentedScope(live.scope, live.grant);
  if (granted === undefined || typeof authTime !== 'number' || typeof grantId !== 'string') return undefined;
  const granting = { kind: kind.model, ...live, amr, authTime, expiresWithSession };
  if (kind === REFRESH && !(await admitsRefresh(granting))) return undefined;
  const user = await accounts.findActive(live.accountId, authTime);
  return user && { ...live, accountId: user.id, grantId, granted };
}

const VERIFIER = /^[\w.~-]{43,128}$/;

/** RFC 6749 §4.1.3 and RFC 7636 §4.6. */
function matchesRequest({ redirectUri, codeChallenge, codeChallengeMethod }: RecordPayload, form: PlainForm): boolean {
  const verifier = form.get('code_verifier') ?? '';
  return (
    typeof codeChallenge === 'string' &&
    codeChallengeMethod === 'S256' &&
    VERIFIER.test(verifier) &&
    constantTimeEqual(sha256(verifier).toString('base64url'), codeChallenge) &&
    redirectUri === form.get('redirect_uri')
  );
}

type Issue = {
  readonly value: string;
  readonly source: Source;
  readonly client: Client;
  readonly facts: RequestFacts;
};

async function issue(parts: PersonTokenParts, kind: Kind, work: Issue): Promise<object | undefined> {
  const now = parts.clock.now();
  const iat = Math.floor(now.getTime() / 1000);
  const { value, source, client, facts } = work;
  const accessToken = newAccessToken(kind, source, iat);
  const refresh = client.grantTypeAllowed(REFRESH.grantType) ? newRefreshToken(parts, kind, work, iat) : undefined;
  const idToken = await newIdToken(parts, client, source, iat);
  const tokens = ['access_token', ...(refresh ? ['refresh_token'] : []), 'id_token'];
  const event = { type: 'tokens.issued', details: { grantType: kind.grantType, tokens, scope: source.granted } };
  const isFirst = await parts.redeemOnce.run({
    source: { model: kind.model, id: value, successor: refresh?.sealed },
    issued: refresh ? [accessToken, refresh.record] : [accessToken],
    audit: auditRow(event, { type: 'user', id: source.accountId, clientId: client.clientId, ...facts }, now),
  });
  if (!isFirst) return undefined;
  parts.observe({ kind: 'tokens.issued', grantType: kind.grantType });
  return {
    access_token: accessToken.id,
    expires_in: lifetimes.opaqueAccessToken,
    id_token: idToken,
    ...(refresh ? { refresh_token: refresh.record.id } : {}),
    scope: source.granted,
    token_type: 'Bearer',
  };
}

const common = ({ payload, accountId, clientId, grantId }: Source) => ({
  accountId,
  clientId,
  grantId,
  ...(payload.sessionUid === undefined ? {} : { sessionUid: String(payload.sessionUid) }),
  ...(payload.expiresWithSession === undefined ? {} : { expiresWithSession: payload.expiresWithSession === true }),
  ...(payload.sid === undefined ? {} : { sid: payload.sid }),
});

/** The library's own mark of how a token came about: the first grant type, and whether it was refreshed since. */
function grantTypesOf(kind: Kind, { payload }: Source): string {
  if (kind === CODE) return CODE.grantType;
  const before = String(payload.gty);
  return before.endsWith(REFRESH.grantType) ? before : `${before} ${REFRESH.grantType}`;
}

function newAccessToken(kind: Kind, source: Source, iat: number): IssuedRecord {
  const exp = iat + lifetimes.opaqueAccessToken;
  const gty = grantTypesOf(kind, source);
  const payload = { iat, exp, ...common(source), kind: 'AccessToken', gty, scope: source.granted };
  return { model: 'AccessToken', id: randomToken(), payload, expiresAt: new Date(exp * 1000) };
}

const CARRIED_ON = ['acr', 'amr', 'authTime', 'nonce', 'resource', 'scope'] as const;

function newRefreshToken({ rotation }: PersonTokenParts, kind: Kind, { value, source }: Issue, iat: number) {
  const { payload } = source;
  const carried = CARRIED_ON.flatMap((name) => (payload[name] === undefined ? [] : [[name, payload[name]] as const]));
  const iiat = kind === REFRESH && typeof payload.iiat === 'number' ? payload.iiat : iat;
  const exp = iat + refreshTokenLifetime(iat - iiat);
  const next =
    kind === CODE ? { value: rotation.newValue(source.grantId) } : rotation.successorOf(value, source.grantId);
  const record: IssuedRecord = {
    model: 'RefreshToken',
    id: next.value,
    payload: {
      ...{ iat, exp, ...common(source), kind: 'RefreshToken', gty: grantTypesOf(kind, source), iiat },
      ...Object.fromEntries(carried),
      rotations: kind === CODE ? 0 : (typeof payload.rotations === 'number' ? payload.rotations : 0) + 1,
    },
    expiresAt: new Date(exp * 1000),
  };
  return { record, sealed: 'sealed' in next ? next.sealed : undefined };
}

/** OpenID Connect Core §2: what the library puts in when no claim was asked for by itself. */
const newIdToken = (
  { issuer, sign }: PersonTokenParts,
  { clientId, idTokenSignedResponseAlg }: Client,
  { accountId, payload: { nonce, sid } }: Source,
  iat: number,
): Promise<string> =>
  sign(String(idTokenSignedResponseAlg), undefined, {
    sub: accountId,
    ...(nonce === undefined ? {} : { nonce }),
    ...(sid === undefined ? {} : { sid }),
    aud: clientId,
    exp: iat + lifetimes.idToken,
    iat,
    iss: issuer,
  });
