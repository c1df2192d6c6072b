// Sign-in policies, where they stand before pages of our own.
import type { Context } from 'koa';
import type { ComposedProvider } from './compose-provider.ts';
import { ACCOUNT_CLIENT_ID } from './domain/clients/account-client.ts';
import type { SignedInSession } from './endpoints/account/parts.ts';
import { readDeviceTokens } from './endpoints/http/device-cookie.ts';

type FindSession = (ctx: Context) => Promise<(SignedInSession & { readonly amr: readonly string[] }) | undefined>;

/** The account pages are entered by the session alone: who lacks what a policy asks of them is as good as not signed in. */
export const admittedSessions =
  (
    { decideSignIn }: Pick<ComposedProvider, 'decideSignIn'>,
    { issuer, findSession }: { readonly issuer: string; readonly findSession: FindSession },
  ): FindSession =>
  async (ctx) => {
    const session = await findSession(ctx);
    if (session === undefined) return undefined;
    const { verdict, missing } = await decideSignIn({
      userId: session.accountId,
      clientId: ACCOUNT_CLIENT_ID,
      ipAddress: ctx.ip,
      browser: { deviceTokens: readDeviceTokens(ctx, issuer) },
      signedIn: { amr: session.amr, at: new Date(session.signedInAt * 1000) },
    });
    return verdict.denied || missing.length > 0 ? undefined : session;
  };
