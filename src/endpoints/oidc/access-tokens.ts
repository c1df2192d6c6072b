import type { RecordPayload } from '../../domain/sessions/provider-record.ts';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { TokenState } from './introspection.ts';
import type { JwtAccessTokens } from './jwt-access-tokens.ts';
import { organizationIdOf } from './organization.ts';
import type { AccessTokenFacts, AccessTokenHelpers } from './parts.ts';

export type AccessTokenParts = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly jwtAccessTokens: JwtAccessTokens;
  readonly isInForce: TokenState;
};

type Found = {
  readonly payload: RecordPayload;
  readonly grant: RecordPayload | undefined;
  readonly session: RecordPayload | undefined;
};

const LONGEST_OPAQUE_TOKEN = 256;

/** For our own resource servers (admin API, SCIM …), which need no round trip through the introspection endpoint. */
export function createAccessTokenHelpers({
  store,
  clock,
  jwtAccessTokens,
  isInForce,
}: AccessTokenParts): AccessTokenHelpers {
  const findJwt = async (token: string): Promise<Found | undefined> => {
    const payload = (await jwtAccessTokens.verify(token))?.payload;
    if (!payload) return undefined;
    const [grant, session] = await Promise.all([
      typeof payload.grantId === 'string' ? store.find('Grant', payload.grantId) : undefined,
      typeof payload.sessionUid === 'string' ? store.findByUid(payload.sessionUid) : undefined,
    ]);
    return { payload, grant: grant?.payload, session };
  };
  const findOpaque = async (token: string): Promise<Found | undefined> => {
    if (token.length > LONGEST_OPAQUE_TOKEN) return undefined;
    const found = await store.findAny(token);
    return found.get('AccessToken') ?? found.get('ClientCredentials');
  };

  return {
    async verify(token) {
      const found = token.includes('.') ? await findJwt(token) : await findOpaque(token);
      const facts = found && factsOf(found.payload);
      if (!facts || facts.expiresAt.getTime() <= clock.now().getTime() || !isAttached(found)) return undefined;
      return (await isInForce(found.payload)) ? facts : undefined;
    },
  };
}

/** Its grant is there, and its session where it ends with one. */
function isAttached({ payload, grant, session }: Found): boolean {
  if (
    payload.grantId !== undefined &&
    (grant?.clientId !== payload.clientId || grant?.accountId !== payload.accountId)
  ) {
    return false;
  }
  return payload.expiresWithSession !== true || session?.accountId === payload.accountId;
}

function factsOf(payload: RecordPayload): AccessTokenFacts | undefined {
  const { clientId, accountId, aud, scope, jkt, exp, extra } = payload;
  if (typeof clientId !== 'string' || typeof exp !== 'number') return undefined;
  return {
    clientId,
    accountId: typeof accountId === 'string' ? accountId : undefined,
    audience: typeof aud === 'string' ? aud : undefined,
    scopes: new Set(typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : []),
    jkt: typeof jkt === 'string' ? jkt : undefined,
    organizationId: organizationIdOf({ extra }),
    expiresAt: new Date(exp * 1000),
  };
}
