import type { Context, Middleware } from 'koa';
import type { Asset } from '../../../views/assets.ts';
import { encodedAsset } from '../../../views/assets-encoded.ts';

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Style sheets and scripts from memory, compressed. Their addresses carry a content hash, so browsers may keep them for a year.
 * Pages are not compressed: they hold tokens beside what somebody typed (BREACH).
 */
export function serveAssets(find: (path: string) => Asset | undefined): Middleware {
  return (ctx, next) => {
    const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? find(ctx.path) : undefined;
    if (asset === undefined) return next();
    const encoding = encodingFor(ctx);
    ctx.type = asset.type;
    ctx.vary('Accept-Encoding');
    // RFC 9110 §8.8.3.3: what is sent otherwise is tagged otherwise.
    ctx.set('ETag', encoding === undefined ? asset.etag : `${asset.etag.slice(0, -1)}-${encoding}"`);
    ctx.set(
      'Cache-Control',
      ctx.search === '' ? 'public, max-age=300' : `public, max-age=${ONE_YEAR_SECONDS}, immutable`,
    );
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else if (encoding === undefined) ctx.body = asset.body;
    else {
      ctx.set('Content-Encoding', encoding);
      ctx.body = encodedAsset(asset, encoding);
    }
    return Promise.resolve();
  };
}

/** RFC 9110 §12.5.3; without the header nothing was said, and it is sent as it is. */
function encodingFor(ctx: Context): 'br' | 'gzip' | undefined {
  if (ctx.get('Accept-Encoding') === '') return undefined;
  const chosen = ctx.acceptsEncodings('br', 'gzip', 'identity');
  return chosen === 'br' || chosen === 'gzip' ? chosen : undefined;
}
