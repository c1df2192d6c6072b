import type { Configuration } from 'oidc-provider';

/** DESIGN §8: `permissions` in an access token for a resource server; never more than its scope, which was narrowed before. */
export const extraTokenClaims: NonNullable<Configuration['extraTokenClaims']> = (_ctx, token) => {
  if (token.resourceServer === undefined || !('scope' in token)) return undefined;
  const within = token.resourceServer.scopes;
  return { permissions: [...token.scopes].filter((scope) => scope !== '' && within.has(scope)) };
};
