import type { KoaContextWithOIDC } from 'oidc-provider';
import type { VNode } from 'preact';
import { ConfirmDevicePage } from '../../../views/device/confirm-device.tsx';
import { DeviceDonePage } from '../../../views/device/device-done.tsx';
import { EnterCodePage, type EnterCodePageProps } from '../../../views/device/enter-code.tsx';
import { ErrorPage } from '../../../views/error.tsx';
import { InteractionExpiredPage } from '../../../views/interaction-expired.tsx';
import { ConfirmLogoutPage } from '../../../views/logout/confirm-logout.tsx';
import { SignedOutPage } from '../../../views/logout/signed-out.tsx';
import { renderPage } from '../../../views/render.ts';
import type { HiddenField, PersonSummary } from '../../../views/site.ts';
import type { AccountCache } from '../../domain/sessions/account-cache.ts';
import { addressee } from '../http/person-summary.ts';
import { lookOf, wishBrand, wishLanguage } from '../http/present-pages.ts';

type FindActive = Pick<AccountCache, 'findActive'>;

/** RFC 8628: the pages of the device flow, as the library's `deviceFlow` feature takes them. */
export function devicePages(accounts: FindActive) {
  return {
    enabled: true,
    userCodeInputSource,
    successSource,
    async userCodeConfirmSource(
      ctx: KoaContextWithOIDC,
      _form: string,
      client: NamedClient,
      deviceInfo: Readonly<Record<string, unknown>>,
      userCode: string,
    ): Promise<void> {
      // `decision=deny` becomes the library's `abort`, which it looks at first (see `context-overrides.ts`).
      const fields = [xsrf(ctx), { name: 'user_code', value: userCode }, { name: 'confirm', value: 'yes' }];
      answer(
        ctx,
        <ConfirmDevicePage
          form={{ action: pathOf(ctx, 'code_verification'), fields }}
          client={{ name: nameOf(client) }}
          userCode={userCode}
          person={await signedInPerson(ctx, accounts)}
          request={{ ip: textOf(deviceInfo.ip), userAgent: textOf(deviceInfo.ua) }}
        />,
      );
    },
  };
}

/** RP-Initiated Logout 1.0: the pages of the library's `rpInitiatedLogout` feature. */
export function logoutPages(accounts: FindActive) {
  return {
    enabled: true,
    postLogoutSuccessSource,
    async logoutSource(ctx: KoaContextWithOIDC): Promise<void> {
      const { client } = ctx.oidc;
      const form = { action: pathOf(ctx, 'end_session_confirm'), fields: [xsrf(ctx)] };
      const person = await signedInPerson(ctx, accounts);
      answer(ctx, <ConfirmLogoutPage form={form} clientName={client && nameOf(client)} person={person} />);
    },
  };
}

async function signedInPerson(ctx: KoaContextWithOIDC, accounts: FindActive): Promise<PersonSummary | undefined> {
  const { accountId, loginTs } = ctx.oidc.session ?? {};
  const user = accountId === undefined ? undefined : await accounts.findActive(accountId, loginTs);
  return user && addressee(ctx, user);
}

type NamedClient = { readonly clientId: string; readonly clientName?: string | undefined };

const nameOf = ({ clientName, clientId }: NamedClient): string => clientName ?? clientId;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** The id of the outer request; the library's context may be one of its own. */
const requestIdOf = (ctx: KoaContextWithOIDC): string => String(ctx.response.get('X-Request-Id'));
const pathOf = (ctx: KoaContextWithOIDC, route: string): string => new URL(ctx.oidc.urlFor(route)).pathname;

function answer(ctx: KoaContextWithOIDC, page: VNode): void {
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  wishLanguage(ctx, { uiLocales: ctx.oidc.params?.ui_locales });
  wishBrand(ctx, { clientId: ctx.oidc.client?.clientId });
  ctx.body = renderPage(page, lookOf(ctx));
}

function xsrf(ctx: KoaContextWithOIDC): HiddenField {
  const { state } = ctx.oidc.session ?? {};
  return { name: 'xsrf', value: textOf(state?.secret) ?? '' };
}

const unsafeToReturn = new Set(['invalid_client', 'invalid_redirect_uri']);

/** An OAuth error that cannot be sent to the client: what a person can do about it, and the id an administrator needs. */
export function renderError(ctx: KoaContextWithOIDC, out: { error: string }, error: Error): void {
  const requestId = requestIdOf(ctx);
  const { client } = ctx.oidc;
  const back =
    client?.clientUri && !unsafeToReturn.has(out.error) ? { name: nameOf(client), url: client.clientUri } : undefined;
  // Back button, second tab, another person signed in meanwhile: the authorization request is over.
  if (error.name === 'SessionNotFound') {
    answer(ctx, <InteractionExpiredPage reason="expired" client={back} requestId={requestId} />);
  } else {
    answer(ctx, <ErrorPage code={out.error} requestId={requestId} client={back} />);
  }
}

async function postLogoutSuccessSource(ctx: KoaContextWithOIDC): Promise<void> {
  const { client, provider } = ctx.oidc;
  const { accountId } = await provider.Session.get(ctx);
  answer(
    ctx,
    <SignedOutPage
      outcome={accountId === undefined ? 'signed_out' : 'stayed'}
      client={client && { name: nameOf(client), url: client.clientUri }}
    />,
  );
}

const codeProblems: Readonly<Record<string, EnterCodePageProps['problem']>> = {
  NoCodeError: 'code_missing',
  NotFoundError: 'code_unknown',
  ExpiredError: 'code_expired',
  AlreadyUsedError: 'code_used',
};

async function userCodeInputSource(
  ctx: KoaContextWithOIDC,
  _form: string,
  _out?: unknown,
  error?: Error & { readonly userCode?: string },
): Promise<void> {
  if (error?.name === 'AbortedError') {
    const clientId = ctx.oidc.entities.DeviceCode?.clientId;
    const client = clientId === undefined ? undefined : await ctx.oidc.provider.Client.find(clientId);
    return answer(ctx, <DeviceDonePage outcome="denied" clientName={client ? nameOf(client) : ''} />);
  }
  answer(
    ctx,
    <EnterCodePage
      form={{ action: pathOf(ctx, 'code_verification'), fields: [xsrf(ctx)] }}
      userCode={error?.userCode}
      problem={error && (codeProblems[error.name] ?? 'form_expired')}
      requestId={error && requestIdOf(ctx)}
    />,
  );
}

function successSource(ctx: KoaContextWithOIDC): void {
  const { client } = ctx.oidc;
  answer(ctx, <DeviceDonePage outcome="connected" clientName={client ? nameOf(client) : ''} />);
}
