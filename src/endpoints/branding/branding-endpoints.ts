import type { Context, Middleware } from 'koa';
import { findLogo } from '../../domain/branding/branding.ts';
import type { BrandingLookup } from '../../domain/branding/branding-lookup.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { BRANDING_PATH, sheetOf } from '../http/brand-of.ts';
import { forcedSheets } from '../http/forced-scheme.ts';
import { refuseMethod } from '../http/refuse-method.tsx';

export type BrandingParts = { readonly read: Reader; readonly brandings: BrandingLookup };

const SHEET = /^\/branding\/[\w-]{22}\.css$/;
const LOGO = /^\/branding\/logos\/([\w-]{43})$/;

/** Colours and logos. What stands behind an address of these never changes: only whether anybody still uses it. */
export function brandingEndpoints(parts: BrandingParts): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(`${BRANDING_PATH}/`)) return next();
    const [, hash] = LOGO.exec(ctx.path) ?? [];
    const forced = forcedSheets.get(ctx.path);
    if (hash === undefined && forced === undefined && !SHEET.test(ctx.path)) return next();
    ctx.state.route = hash === undefined ? `${BRANDING_PATH}/:sheet` : `${BRANDING_PATH}/logos/:hash`;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuseMethod(ctx, 'GET, HEAD');
    if (forced !== undefined) return answerSheet(ctx, forced);
    return hash === undefined ? sendSheet(ctx, parts) : sendLogo(ctx, parts, hash);
  };
}

async function sendSheet(ctx: Context, { brandings }: BrandingParts): Promise<void> {
  const find = (all: Awaited<ReturnType<BrandingLookup['load']>>['all']) =>
    all.map(sheetOf).find((sheet) => sheet?.path === ctx.path);
  const { all } = brandings.held() ?? (await brandings.load());
  const sheet = find(all);
  if (sheet !== undefined) answerSheet(ctx, sheet.css);
}

function answerSheet(ctx: Context, css: string): void {
  ctx.type = 'text/css; charset=utf-8';
  keepForEver(ctx);
  ctx.body = css;
}

async function sendLogo(ctx: Context, { read }: BrandingParts, hash: string): Promise<void> {
  const logo = await findLogo(read, hash);
  if (logo === undefined) return;
  ctx.type = logo.mediaType;
  // Whatever it is opened as, nothing in it runs.
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
  ctx.set('Content-Disposition', 'inline; filename="logo"');
  keepForEver(ctx);
  ctx.body = logo.bytes;
}

const keepForEver = (ctx: Context): void => ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
