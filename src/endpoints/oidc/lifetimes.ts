import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS } from '../../domain/sessions/session-lifetimes.ts';

/** Seconds. */
export const lifetimes = {
  authorizationCode: 60,
  opaqueAccessToken: 600,
  idToken: 600,
  interaction: 3600,
  deviceCode: 600,
  refreshToken: 30 * 86_400,
  /** However often it is used: after this a person signs in again. */
  refreshTokenChain: 365 * 86_400,
  sessionAbsolute: SESSION_ABSOLUTE_SECONDS,
  sessionIdle: SESSION_IDLE_SECONDS,
} as const;

const now = (): number => Math.floor(Date.now() / 1000);
const atLeastOneSecond = (seconds: number): number => Math.max(1, Math.floor(seconds));

/** Seconds that a refresh token lives, `age` seconds after the first of its chain. */
export const refreshTokenLifetime = (age: number): number =>
  atLeastOneSecond(Math.min(lifetimes.refreshToken, lifetimes.refreshTokenChain - age));

/** Whole seconds since the epoch. A session is saved with each use; on its last days that is only known not to be later. */
export const sessionUsedAt = ({
  exp,
  loginTs = 0,
}: {
  exp?: number | undefined;
  loginTs?: number | undefined;
}): number => Math.max(loginTs, (exp ?? 0) - lifetimes.sessionIdle);

/** Seconds that a session lives from now on when nobody uses it. */
export const sessionLifetime = (loginTs: number): number =>
  atLeastOneSecond(Math.min(lifetimes.sessionIdle, lifetimes.sessionAbsolute - (now() - loginTs)));

/** `isUse`: whether a request uses the session it is sent with, rather than being answered beside it. */
export const ttl = (isUse: (ctx: KoaContextWithOIDC) => boolean): NonNullable<Configuration['ttl']> => ({
  AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? lifetimes.opaqueAccessToken,
  ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? lifetimes.opaqueAccessToken,
  AuthorizationCode: lifetimes.authorizationCode,
  DeviceCode: lifetimes.deviceCode,
  IdToken: lifetimes.idToken,
  Interaction: lifetimes.interaction,
  Grant: lifetimes.sessionAbsolute,
  RefreshToken: (_ctx, token) => refreshTokenLifetime(token.totalLifetime()),
  Session: (ctx, session) => {
    const { accountId, exp, loginTs, iat } = session;
    const isKept = accountId !== undefined && exp !== undefined && !isUse(ctx);
    return isKept ? atLeastOneSecond(exp - now()) : sessionLifetime(loginTs ?? iat ?? now());
  },
});
