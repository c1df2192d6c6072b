import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { sitePaths } from '../../../views/site.ts';
import { ACCOUNT_CALLBACK_PATH, ACCOUNT_CLIENT_ID } from '../../domain/clients/account-client.ts';
import { randomToken } from '../../kernel/crypto/derive.ts';
import { seeOther } from '../http/answer-page.ts';
import type { AccountParts } from './parts.ts';

export const SIGN_IN_PATH = '/account/sign-in';

/** Where a sign-in may lead back to; the state names one by its place here, so that it can lead nowhere else. */
const destinations = [
  sitePaths.secondFactors,
  sitePaths.devices,
  sitePaths.applications,
  sitePaths.activity,
  sitePaths.profile,
  sitePaths.passkeys,
  sitePaths.data,
  sitePaths.account,
  sitePaths.email,
  sitePaths.ownGroups,
  sitePaths.brandingPreview,
] as const;
export type Destination = (typeof destinations)[number];

/**
 * Signing in to our own pages is an authorization request like any other application's, so that throttle, audit, later
 * factors and session rules hold here too. What is wanted is the session it leaves behind: the code is never redeemed, and
 * nobody can, because its verifier is not kept.
 */
export function startSignIn(
  ctx: Context,
  { issuer }: AccountParts,
  { to, more = {} }: { to?: Destination; more?: Readonly<Record<string, string>> } = {},
): void {
  const url = new URL(`${issuer}/authorize`);
  url.search = new URLSearchParams({
    client_id: ACCOUNT_CLIENT_ID,
    response_type: 'code',
    redirect_uri: `${issuer}${ACCOUNT_CALLBACK_PATH}`,
    scope: 'openid',
    state: [randomToken(16), ...(to === undefined ? [] : [destinations.indexOf(to)])].join('.'),
    code_challenge: createHash('sha256').update(randomToken()).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  }).toString();
  seeOther(ctx, url.href);
}

/** The answer changes nothing here: what the account page shows depends on the session alone. */
export function finishSignIn(ctx: Context): void {
  const [, to] = typeof ctx.query.state === 'string' ? ctx.query.state.split('.') : [];
  const destination = destinations[Number(to ?? Number.NaN)] ?? sitePaths.account;
  seeOther(ctx, ctx.query.error === undefined ? destination : sitePaths.home);
}
