import { createHash } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { MailPage } from '../../../views/dev/mail.tsx';
import { MailListPage } from '../../../views/dev/mail-list.tsx';
import { sitePaths } from '../../../views/site.ts';
import type { KeptMail } from '../../domain/notifications/kept-mails.ts';
import { answerPage } from '../http/answer-page.ts';
import { BRANDING_PATH } from '../http/brand-of.ts';
import { refuseMethod } from '../http/refuse-method.tsx';

export type KeptMailParts = { readonly list: () => Promise<readonly KeptMail[]> };

const PATH = /^\/dev\/mail(?:\/([0-9a-f-]{36})(\/html)?)?$/;

/** `/dev/mail`: mails that were kept instead of sent. Mounted only in development, where issuer and bind address are loopback. */
export function keptMailEndpoints({ list }: KeptMailParts): Middleware {
  return async (ctx, next) => {
    const found = PATH.exec(ctx.path);
    if (!found) return next();
    const [, id, asHtml] = found;
    ctx.state.route = id === undefined ? sitePaths.devMail : `${sitePaths.devMail}/:id${asHtml ?? ''}`;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuseMethod(ctx, 'GET, HEAD');
    const mails = await list();
    if (id === undefined) return showList(ctx, mails);
    const mail = mails.find((one) => one.id === id);
    if (!mail) return next();
    if (asHtml !== undefined) return showHtml(ctx, mail);
    answerPage(ctx, <MailPage mail={presented(mail)} htmlUrl={`${sitePaths.devMail}/${id}/html`} />);
  };
}

/** DESIGN §8 "Mail": as JSON an array with `to`, `subject`, `text`, `html`, `sentAt`; newest first. */
function showList(ctx: Context, mails: readonly KeptMail[]): void {
  ctx.vary('Accept');
  if (ctx.accepts('json', 'html') === 'json') {
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'json';
    ctx.body = JSON.stringify(
      mails.map(({ to, subject, text, html, sentAt }) => ({ to, subject, text, html, sentAt: sentAt.toISOString() })),
    );
    return;
  }
  answerPage(
    ctx,
    <MailListPage mails={mails.map((mail) => ({ ...presented(mail), url: `${sitePaths.devMail}/${mail.id}` }))} />,
  );
}

/** Of the mail's own sheet, which stands before all that somebody typed. */
function sheetHash(html: string): string {
  const [, sheet = ''] = /<style>([^<]*)<\/style>/.exec(html) ?? [];
  return createHash('sha256').update(sheet).digest('base64');
}

/** As a mail program shows it: its own style, no script, no request, and not a page of this origin. */
function showHtml(ctx: Context, { html }: KeptMail): void {
  ctx.status = 200;
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.set(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `style-src-elem 'sha256-${sheetHash(html)}'`,
      "style-src-attr 'unsafe-inline'",
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
    ].join('; '),
  );
  ctx.body = html.replaceAll(/src="cid:([\w-]{43})@branding"/g, `src="${BRANDING_PATH}/logos/$1"`);
}

const presented = ({ to, subject, text, sentAt }: KeptMail) => ({ to, subject, text, sentAt: sentAt.toISOString() });
