import type { Context, Middleware, Next } from 'koa';
import { constantTimeEqual, randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import { visitorOf } from '../http/answer-page.ts';
import { showEnded } from './ended.tsx';
import type { InteractionParts } from './parts.ts';

/*
 * An interaction is found by its cookies, and cookies can be planted: a sibling host sets them for the whole domain. A person
 * who signs in with planted ones would finish what an attacker has begun, and the attacker's browser would go on as them. So
 * the browser gets a fresh secret together with its sign-in, and only who shows it goes on.
 */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** One for each sign-in under way: tabs do not end one another. */
const SIGN_INS_AT_ONCE = 4;
// Longer than an interaction lives.
const LIFETIME_MS = 2 * 60 * 60 * 1000;
const RESUMPTION = /^\/(?:authorize|device)\/([\w-]{1,128})$/;

// RFC 6265bis §4.1.3.2: with this prefix no other host can set or overwrite it.
const nameFor = (issuer: string): string =>
  issuer.startsWith('https:') ? '__Host-doorward_browser' : 'doorward_browser';
const hashOf = (token: string): string => sha256(token).toString('base64url');

function tokensOf(ctx: Context, issuer: string): readonly string[] {
  const tokens = (ctx.cookies.get(nameFor(issuer), { signed: false }) ?? '').split('.');
  return tokens.filter((token) => TOKEN.test(token)).slice(0, SIGN_INS_AT_ONCE);
}

/** Gives this browser a secret for the sign-in it has just made; what is kept with the sign-in is its hash. */
export function markBrowser(ctx: Context, { issuer }: Pick<InteractionParts, 'issuer'>): string {
  const token = randomToken();
  ctx.cookies.set(nameFor(issuer), [token, ...tokensOf(ctx, issuer)].slice(0, SIGN_INS_AT_ONCE).join('.'), {
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
    path: '/',
    maxAge: LIFETIME_MS,
    signed: false,
    overwrite: true,
  });
  return hashOf(token);
}

/** Whether this browser holds the secret whose hash was kept. */
export const isBrowser = (ctx: Context, { issuer }: Pick<InteractionParts, 'issuer'>, expected: string): boolean =>
  tokensOf(ctx, issuer).some((token) => constantTimeEqual(hashOf(token), expected));

/** Stands before the provider's own addresses at which a sign-in goes on. */
export function keepSignInToItsBrowser(parts: InteractionParts): Middleware {
  return (ctx, next) => {
    const [, uid] = ctx.method === 'GET' || ctx.method === 'HEAD' ? (RESUMPTION.exec(ctx.path) ?? []) : [];
    return uid === undefined ? next() : keep(ctx, uid, next);
  };

  async function keep(ctx: Context, uid: string, next: Next): Promise<void> {
    const expected = await parts.interactions.browserOf(ctx, uid);
    if (expected === undefined) return next();
    if (isBrowser(ctx, parts, expected)) return next();
    await parts.authentication.transact(visitorOf(ctx), async (tx) => {
      tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason: 'other_browser' });
    });
    await showEnded(ctx, parts, uid);
  }
}
