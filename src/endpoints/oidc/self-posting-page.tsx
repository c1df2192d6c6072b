import type { Context, Middleware } from 'koa';
import { FormPostPage } from '../../../views/form-post.tsx';
import { renderPage } from '../../../views/render.ts';
import { lookOf, wishBrand, wishLanguage } from '../http/present-pages.ts';

/**
 * The library's self-posting pages (response_mode=form_post, a logout without a session, a user code in an address, another
 * person signing in) hold an inline script, which it allows in the CSP. They are drawn with our view, whose one script is a
 * file, and the CSP stays as it was.
 */
export const redrawSelfPostingPages: Middleware = async (ctx, next) => {
  const policy = ctx.response.get('Content-Security-Policy');
  await next();
  const html: unknown = ctx.body;
  if (typeof html !== 'string' || !html.includes(SELF_POSTING)) return;
  const { status } = ctx;
  const action = unescapeHtml(ACTION.exec(html)?.[1] ?? '');
  const fields = [...html.matchAll(INPUT)].map(([, name = '', value = '']) => ({
    name: unescapeHtml(name),
    value: unescapeHtml(value),
  }));
  ctx.type = 'html';
  const page = <FormPostPage action={action} fields={fields} clientName={clientNameOf(ctx, action)} />;
  wishBrand(ctx, { clientId: (ctx as MaybeOidc).oidc?.client?.clientId });
  wishLanguage(ctx, { uiLocales: (ctx as MaybeOidc).oidc?.params?.ui_locales });
  // It is gone before anybody could choose another language.
  ctx.body = renderPage(page, { ...lookOf(ctx), inLanguage: undefined });
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  if (policy !== '') ctx.set('Content-Security-Policy', policy);
};

const SELF_POSTING = '<title>Submitting Callback</title>';
const ACTION = /<form method="post" action="([^"]*)">/;
const INPUT = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;

type MaybeOidc = Context & {
  readonly oidc?: {
    readonly client?: { clientName?: string; clientId: string };
    readonly params?: Readonly<Record<string, unknown>>;
  };
};

function clientNameOf(ctx: MaybeOidc, action: string): string {
  const { client } = ctx.oidc ?? {};
  return client?.clientName ?? client?.clientId ?? (URL.canParse(action) ? new URL(action).host : '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
