// Sign-in policies, where they stand before pages of our own.
import type { Context } from 'koa';
import type { ComposedProvider } from './compose-provider.ts';
import { ACCOUNT_CLIENT_ID } from './domain/clients/account-client.ts';
import type { SignedInSession } from './endpoints/account/parts.ts';
import { readDeviceTokens } from './endpoints/http/device-cookie.ts';

type ProviderSession = SignedInSession & {
  readonly amr: readonly string[];
  readonly usedAt: number;
  use(): Promise<void>;
};

/** Not each picture of a page is written down. */
const USE_SECONDS = 60;

/** The account pages are entered by the session alone: who lacks what a policy asks of them is as good as not signed in. */
export const admittedSessions =
  (
    { decideSignIn }: Pick<ComposedProvider, 'decideSignIn'>,
    {
      issuer,
      findSession,
    }: { readonly issuer: string; readonly findSession: (ctx: Context) => Promise<ProviderSession | undefined> },
  ): ((ctx: Context) => Promise<SignedInSession | undefined>) =>
  async (ctx) => {
    const session = await findSession(ctx);
    if (session === undefined) return undefined;
    const { verdict, missing } = await decideSignIn({
      userId: session.accountId,
      clientId: ACCOUNT_CLIENT_ID,
      ipAddress: ctx.ip,
      browser: { deviceTokens: readDeviceTokens(ctx, issuer) },
      signedIn: {
        amr: session.amr,
        at: new Date(session.signedInAt * 1000),
        usedAt: new Date(session.usedAt * 1000),
      },
    });
    if (verdict.denied || missing.length > 0) return undefined;
    const isIdle = Date.now() / 1000 - session.usedAt > USE_SECONDS;
    if (verdict.sessionIdleSeconds !== undefined && isIdle) await session.use();
    const { changesMaxAgeSeconds, rememberBrowserDays } = verdict;
    return { ...session, changesMaxAgeSeconds, rememberBrowserDays };
  };
