import type { Context } from 'koa';
import { SIGN_UP_PATH } from '../../domain/credentials/sign-up-links.ts';

/** Which sign-in an account is made for: known to the browser that asked, and good for nothing in another one. */
const NAME = 'doorward_sign_up';
const UID = /^[\w-]{1,128}$/;
// As long as an interaction lives.
const LIFETIME_MS = 60 * 60 * 1000;

export function rememberSignUp(ctx: Context, issuer: string, uid: string): void {
  ctx.cookies.set(NAME, uid, {
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
    path: SIGN_UP_PATH,
    maxAge: LIFETIME_MS,
    signed: false,
    overwrite: true,
  });
}

/** Where the sign-in goes on that the account was made for. */
export function signUpReturn(ctx: Context): string | undefined {
  const uid = ctx.cookies.get(NAME, { signed: false });
  return uid !== undefined && UID.test(uid) ? `/interaction/${uid}/sign-in` : undefined;
}
