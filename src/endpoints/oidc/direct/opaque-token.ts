import type { FoundRecord, RecordPayload } from '../../../domain/sessions/provider-record.ts';

/** An access token that is stored, is no more than a bearer token, and whose grant and session are there. */
export type LiveToken = {
  readonly payload: RecordPayload;
  readonly clientId: string;
  readonly accountId: string | undefined;
  readonly scope: string;
  readonly grant: RecordPayload | undefined;
};

/** Undefined for whatever the library would look at twice: bound to a key, with requested claims, expired, or cut off. */
export function liveToken({ payload, grant, session }: FoundRecord, nowSeconds: number): LiveToken | undefined {
  const { clientId, accountId, exp, scope = '' } = payload;
  if (typeof clientId !== 'string' || typeof scope !== 'string' || typeof exp !== 'number') return undefined;
  if (exp <= nowSeconds || UNCOMMON.some((name) => payload[name] !== undefined)) return undefined;
  if (payload.grantId !== undefined && (grant?.clientId !== clientId || grant.accountId !== accountId))
    return undefined;
  if (payload.expiresWithSession === true && !isInSession(payload, session, nowSeconds)) return undefined;
  return { payload, clientId, accountId: typeof accountId === 'string' ? accountId : undefined, scope, grant };
}

const UNCOMMON = ['jkt', 'x5t#S256', 'claims', 'rar', 'format'] as const;

/** The library's `checkSessionBinding`: same person, and the grant is the one this session has for the client. */
function isInSession(token: RecordPayload, session: RecordPayload | undefined, nowSeconds: number): boolean {
  if (!session || session.accountId !== token.accountId || !(Number(session.exp) > nowSeconds)) return false;
  const { authorizations } = session as { authorizations?: Record<string, { grantId?: string }> };
  return authorizations?.[String(token.clientId)]?.grantId === token.grantId;
}
