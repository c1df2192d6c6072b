import type { Middleware } from 'koa';

export type Asset = { readonly body: Buffer; readonly type: string; readonly etag: string };

const ONE_YEAR_SECONDS = 31_536_000;

/** Style sheets and images from memory. Their addresses carry a content hash, so browsers may keep them for a year. */
export function serveAssets(find: (path: string) => Asset | undefined): Middleware {
  return (ctx, next) => {
    const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? find(ctx.path) : undefined;
    if (asset === undefined) return next();
    ctx.type = asset.type;
    ctx.set('ETag', asset.etag);
    ctx.set(
      'Cache-Control',
      ctx.search === '' ? 'public, max-age=300' : `public, max-age=${ONE_YEAR_SECONDS}, immutable`,
    );
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = asset.body;
    return Promise.resolve();
  };
}
