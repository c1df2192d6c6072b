import type { Reader } from '../../persistence/unit-of-work.ts';
import type { FoundAccessToken, TokenEnd } from '../sessions/find-access-token.ts';
import { explainClientPermission, explainUserPermission } from './explain-permission.ts';
import type { Explanation } from './explanation.ts';

/** What a token lets its bearer do, and the paths of assignments that give each of it. */
export type TokenExplanation = {
  readonly clientId: string;
  readonly userId: string | undefined;
  /** Identifier of the resource server it is for; absent: userinfo. */
  readonly resource: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  /** Why it is refused wherever it is shown; empty while it counts. */
  readonly ends: readonly { readonly code: `token_${TokenEnd}`; readonly detail: string }[];
  /** Of each permission among its scopes, by the person's or the client's access at this moment. */
  readonly permissions: readonly Explanation[];
};

const DETAILS: Readonly<Record<TokenEnd, string>> = {
  expired: 'it has expired',
  revoked: 'it was revoked',
  grant_ended: 'what the person allowed the client has ended',
  session_ended: 'the session it ends with has ended',
  client_access_ended: 'the client is disabled, deleted, or lost what it held before',
};
/** A token of more permissions is explained no further: nobody reads that. */
const MOST_PERMISSIONS = 50;

/** Throws `not_found` when the person or client is gone. */
export async function explainToken(
  read: Reader,
  { token, at }: { readonly token: FoundAccessToken; readonly at: Date },
): Promise<TokenExplanation> {
  const { clientId, userId, audience: resource, scopes, expiresAt } = token;
  const permissions: Explanation[] = [];
  // A token for userinfo has claims, not permissions.
  for (const permission of resource === undefined ? [] : scopes.slice(0, MOST_PERMISSIONS)) {
    const input = { permission, resource, at };
    permissions.push(
      userId === undefined
        ? await explainClientPermission(read, { clientId, ...input })
        : await explainUserPermission(read, { userId, ...input }),
    );
  }
  const ends = token.ends.map((end) => ({ code: `token_${end}` as const, detail: DETAILS[end] }));
  return { clientId, userId, resource, scopes, expiresAt, ends, permissions };
}
