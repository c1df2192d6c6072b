import type { Provider } from 'oidc-provider';
import { shownAcr } from '../../domain/authentication/next-factor.ts';
import { sha256 } from '../../kernel/crypto/derive.ts';
import { findRecordOf } from './client-overrides.ts';
import { wantedAcrs } from './interaction-policy.ts';
import { scopeOf } from './request-scope.ts';

type OidcContext = InstanceType<Provider['OIDCContext']>;
type Params = Record<string, unknown>;

const held = new WeakMap<OidcContext, Params>();

/**
 * What the library takes from the request is made ours where that is not to be trusted or not enough:
 * addresses come from the issuer, cookies are Secure when the issuer is https, and parameters pass through {@link adjust}.
 */
export function overrideContext(provider: Provider): void {
  const isHttps = provider.issuer.startsWith('https:');
  const prototype: object = provider.OIDCContext.prototype;
  const cookies = Object.getOwnPropertyDescriptor(prototype, 'cookies')?.get;
  if (!cookies) throw new Error('the library has no cookies getter any more');
  Object.defineProperties(prototype, {
    urlFor: { value: (name: string, options?: Record<string, unknown>) => provider.urlFor(name, options) },
    cookies: {
      get(this: OidcContext) {
        const jar: { secure: boolean } = cookies.call(this);
        jar.secure = isHttps;
        return jar;
      },
    },
    acr: {
      get(this: OidcContext) {
        return shownAcr(this.session?.acr, wantedAcrs(this.params));
      },
    },
    params: {
      get(this: OidcContext) {
        return held.get(this);
      },
      set(this: OidcContext, params: Params) {
        adjust(this, params);
        held.set(this, params);
      },
    },
  });
}

function adjust(oidc: OidcContext, params: Params): void {
  switch (oidc.route) {
    case 'introspection':
    case 'revocation':
      substituteJwt(oidc, params);
      return;
    case 'authorization':
    case 'pushed_authorization_request':
      keepOfflineAccess(oidc, params);
      return;
    case 'code_verification':
      // The page has the buttons of the consent page (DESIGN §8); the library knows only `abort`.
      if (oidc.body?.decision === 'deny') params.abort = 'yes';
  }
}

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** The library refuses JWTs before it looks for them. Ours are found under a stand-in (see `jwt-access-tokens.ts`). */
function substituteJwt(oidc: OidcContext, params: Params): void {
  const { token } = params;
  const scope = scopeOf(contextOf(oidc));
  if (!scope || typeof token !== 'string' || !JWT.test(token)) return;
  const standIn = `jwt-${sha256(token).toString('base64url')}`;
  scope.shownJwt = { standIn, token };
  params.token = standIn;
}

/**
 * OIDC Core §11 lets the provider grant offline_access without prompt=consent where other conditions are in place: for our
 * own clients it stays. The library drops it by assigning the scope anew, which is where this notices.
 */
function keepOfflineAccess(oidc: OidcContext, params: Params): void {
  let scope = params.scope;
  Object.defineProperty(params, 'scope', {
    enumerable: true,
    configurable: true,
    get: () => scope,
    set(next: unknown) {
      scope = isDropOf(scope, next) && isOwnClient(oidc, params) ? scope : next;
    },
  });
}

function isDropOf(scope: unknown, next: unknown): boolean {
  if (typeof scope !== 'string' || (next !== undefined && typeof next !== 'string')) return false;
  const before = new Set(scope.split(' '));
  const after = new Set(next?.split(' ') ?? []);
  return before.delete('offline_access') && before.size === after.size && [...before].every((one) => after.has(one));
}

function isOwnClient({ client }: OidcContext, { response_type: responseType }: Params): boolean {
  if (!client || findRecordOf(client)?.firstParty !== true) return false;
  return client.grantTypeAllowed('refresh_token') && String(responseType).includes('code');
}

const contextOf = (oidc: OidcContext): object => (oidc as unknown as { readonly ctx: object }).ctx;
