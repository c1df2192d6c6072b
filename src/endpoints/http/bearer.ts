import type { Actor } from '../../kernel/actor.ts';

/** What a protected door learns about the access token it was shown (RFC 6750, RFC 9449). */
export type BearerOutcome =
  | { readonly outcome: 'accepted'; readonly actor: Actor; readonly permissions: ReadonlySet<string> }
  | {
      readonly outcome: 'refused';
      readonly error: 'invalid_token' | 'invalid_dpop_proof' | 'insufficient_user_authentication';
      readonly description: string;
    };

export type BearerRequest = {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  readonly dpopProof: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly requestId: string;
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
};

/** `resource` is the identifier of the resource server the token must be for. */
export type VerifyBearer = (request: BearerRequest, resource: string) => Promise<BearerOutcome>;

const CREDENTIALS = /^(Bearer|DPoP) ([A-Za-z0-9\-._~+/]+=*)$/i;

/** RFC 6750 §2.1: the token from the Authorization header alone; never from the query or the body. */
export function parseAuthorization(
  header: string | undefined,
): { readonly scheme: 'Bearer' | 'DPoP'; readonly token: string } | undefined {
  const match = CREDENTIALS.exec(header ?? '');
  if (!match?.[1] || !match[2]) return undefined;
  return { scheme: match[1].toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token: match[2] };
}
