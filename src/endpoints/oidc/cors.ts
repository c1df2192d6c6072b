import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { findRecordOf } from './client-overrides.ts';

/**
 * Which origins may call for a client: those it lists; without a list the origins of its redirect URIs, for a public client
 * anywhere and for any other at userinfo, where it presents a token rather than a secret. An opaque origin never.
 */
export function clientBasedCORS(ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (origin === 'null') return false;
  const listed = findRecordOf(client)?.allowedCorsOrigins;
  if (listed !== undefined) return listed.includes(origin);
  if (client.clientAuthMethod !== 'none' && ctx.oidc.route !== 'userinfo') return false;
  return client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) === true;
}

const OPEN_ROUTES: ReadonlySet<string> = new Set(['discovery', 'cors.discovery', 'jwks', 'cors.jwks']);

/**
 * The library answers with the caller's origin before it knows the client (SECURITY-LESSONS 31): taken back where no client
 * was found, where its authentication failed, and for opaque origins.
 */
export function withdrawUnearnedCors(ctx: KoaContextWithOIDC, route: string | undefined): void {
  if (route === undefined || OPEN_ROUTES.has(route) || !ctx.get('Origin')) return;
  const isPreflight = ctx.method === 'OPTIONS';
  const isUnknown = !isPreflight && ctx.oidc.client === undefined;
  const isUnauthenticated = ctx.status === 401 && route !== 'userinfo' && ctx.oidc.client?.clientAuthMethod !== 'none';
  if (!isUnknown && !isUnauthenticated && ctx.get('Origin') !== 'null') return;
  for (const name of Object.keys(ctx.response.headers)) {
    if (name.startsWith('access-control-')) ctx.remove(name);
  }
}
