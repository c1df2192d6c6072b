import type { FoundRecord, RecordPayload } from '../../../domain/sessions/provider-record.ts';

/** A token or code that is bound to no key and asks for no single claims, and whose grant and session are there. */
export type LiveRecord = {
  readonly payload: RecordPayload;
  readonly clientId: string;
  readonly accountId: string | undefined;
  readonly scope: string;
  readonly grant: RecordPayload | undefined;
};

/** Undefined for whatever the library would look at twice: bound to a key, with requested claims, expired, or cut off. */
export function liveRecord({ payload, grant, session }: FoundRecord, nowSeconds: number): LiveRecord | undefined {
  const { clientId, accountId, exp, scope = '' } = payload;
  if (typeof clientId !== 'string' || typeof scope !== 'string' || typeof exp !== 'number') return undefined;
  if (exp <= nowSeconds || UNCOMMON.some((name) => payload[name] !== undefined)) return undefined;
  if (payload.grantId !== undefined && (grant?.clientId !== clientId || grant.accountId !== accountId))
    return undefined;
  if (payload.expiresWithSession === true && !isInSession(payload, session, nowSeconds)) return undefined;
  return { payload, clientId, accountId: typeof accountId === 'string' ? accountId : undefined, scope, grant };
}

const UNCOMMON = ['jkt', 'x5t#S256', 'attestationJkt', 'claims', 'rar', 'format'] as const;

/** The library's `checkSessionBinding`: same person, and the grant is the one this session has for the client. */
function isInSession(token: RecordPayload, session: RecordPayload | undefined, nowSeconds: number): boolean {
  if (!session || session.accountId !== token.accountId || !(Number(session.exp) > nowSeconds)) return false;
  const { authorizations } = session as { authorizations?: Record<string, { grantId?: string }> };
  return authorizations?.[String(token.clientId)]?.grantId === token.grantId;
}

/** What the grant holds of the token's scope, in the grant's order; undefined where something was rejected, or no `openid`. */
export function consentedScope(scope: string, grant: RecordPayload): string | undefined {
  const asked = new Set(scope.split(' '));
  const { openid, rejected } = grant as { openid?: { scope?: string }; rejected?: unknown };
  if (rejected !== undefined || !asked.has('openid')) return undefined;
  return (openid?.scope ?? '')
    .split(' ')
    .filter((one) => asked.has(one))
    .join(' ');
}
