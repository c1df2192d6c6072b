import { sha256 } from '../../kernel/crypto/derive.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { type RecordPayload, recordId } from './provider-record.ts';
import { parsePayload } from './record-payload.ts';
import type { SignedAccessTokens } from './signed-access-tokens.ts';

/** Why a token does not count any more although it is ours. */
export type TokenEnd = 'expired' | 'revoked' | 'grant_ended' | 'session_ended' | 'client_access_ended';

/** An access token that this installation issued, and what has ended it since. */
export type FoundAccessToken = {
  readonly clientId: string;
  /** Absent: the client got it for itself. */
  readonly userId: string | undefined;
  readonly audience: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly ends: readonly TokenEnd[];
};

export type FindAccessTokenParts = {
  readonly read: Reader;
  readonly signed: Pick<SignedAccessTokens, 'read'>;
};

/**
 * For explanations; whether a token lets anyone in is the provider's to say.
 * Throws `not_found` when it is none of ours, is gone, or is not of the client that is named.
 */
export async function getAccessToken(
  parts: FindAccessTokenParts,
  { clientId, ...input }: { readonly token: string; readonly at: Date; readonly clientId?: string | undefined },
): Promise<FoundAccessToken> {
  const found = await findAccessToken(parts, input);
  if (found !== undefined && (clientId === undefined || found.clientId === clientId)) return found;
  const of = clientId === undefined ? '' : ` of the client ${clientId}`;
  throw notFound('access_tokens.not_found', {
    detail: `this is no access token${of} of this installation, or it is gone`,
  });
}

async function findAccessToken(
  { read, signed }: FindAccessTokenParts,
  { token, at }: { readonly token: string; readonly at: Date },
): Promise<FoundAccessToken | undefined> {
  const payload = token.includes('.') ? (await signed.read(token))?.payload : await findStored(read, token);
  if (payload === undefined) return undefined;
  const { clientId, accountId, aud, scope, exp } = payload;
  if (typeof clientId !== 'string' || typeof exp !== 'number') return undefined;
  return {
    clientId,
    userId: textOf(accountId),
    audience: textOf(aud),
    scopes: (textOf(scope) ?? '').split(' ').filter((one) => one !== ''),
    expiresAt: new Date(exp * 1000),
    ends: [...(exp * 1000 <= at.getTime() ? (['expired'] as const) : []), ...(await endsOf(read, payload))],
  };
}

async function findStored(read: Reader, token: string): Promise<RecordPayload | undefined> {
  const [row] = await read.query<{ payload: string }>(
    `SELECT payload FROM provider_records
     WHERE id = $1 AND model IN ('AccessToken', 'ClientCredentials') AND ended_at IS NULL`,
    [recordId(token)],
  );
  return row && parsePayload(row.payload);
}

async function endsOf(read: Reader, payload: RecordPayload): Promise<readonly TokenEnd[]> {
  const grantId = textOf(payload.grantId);
  const [row] = await read.query<Record<Exclude<TokenEnd, 'expired'>, boolean>>(
    `SELECT
       EXISTS (SELECT 1 FROM revoked_access_tokens WHERE jti_hash = $1::bytea) AS revoked,
       $2::bytea IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM provider_records WHERE id = $2::bytea AND model = 'Grant' AND ended_at IS NULL) AS grant_ended,
       $3::text IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM provider_records WHERE uid = $3::text AND ended_at IS NULL) AS session_ended,
       NOT EXISTS (
         SELECT 1 FROM clients WHERE client_id = $4::text AND enabled
           AND (access_valid_from IS NULL OR to_timestamp($5::float8) >= date_trunc('second', access_valid_from))
       ) AS client_access_ended`,
    [
      typeof payload.jti === 'string' ? sha256(payload.jti) : null,
      grantId === undefined ? null : recordId(grantId),
      payload.expiresWithSession === true ? (textOf(payload.sessionUid) ?? '') : null,
      payload.clientId,
      typeof payload.iat === 'number' ? payload.iat : 0,
    ],
  );
  const kinds = ['revoked', 'grant_ended', 'session_ended', 'client_access_ended'] as const;
  return kinds.filter((kind) => row?.[kind] === true);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
