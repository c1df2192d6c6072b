import type { Context } from 'koa';

const PATHS: ReadonlySet<string> = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
]);

export type Answer = {
  readonly body: string;
  readonly type: string;
  readonly length: string;
  /** One byte per character is quicker on its way out. */
  readonly encoding: 'latin1' | 'utf8';
};

/**
 * Metadata and keys are the same for everyone as long as the provider instance lives: made once, answered from memory.
 * Short caching, because a key that is to sign soon is published well before.
 */
export function createPublished() {
  const answers = new Map<string, Answer>();
  const present = (ctx: Context, { body, type }: Answer): void => {
    ctx.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=60', 'Content-Type': type });
    ctx.remove('Vary');
    ctx.body = body;
  };
  return {
    /** For answering before Koa; undefined until the library has made it once. */
    find: (path: string): Answer | undefined => answers.get(path),
    answers(ctx: Context): boolean {
      const answer = ctx.method === 'GET' ? answers.get(ctx.path) : undefined;
      if (!answer) return false;
      present(ctx, answer);
      return true;
    },
    keep(ctx: Context): void {
      if (ctx.method !== 'GET' || ctx.status !== 200 || !PATHS.has(ctx.path) || typeof ctx.body !== 'object') return;
      const type = ctx.response.get('Content-Type') || 'application/json; charset=utf-8';
      const body = JSON.stringify(ctx.body);
      const bytes = Buffer.byteLength(body);
      const encoding = bytes === body.length ? 'latin1' : 'utf8';
      const answer: Answer = { body, type, length: String(bytes), encoding };
      answers.set(ctx.path, answer);
      present(ctx, answer);
    },
  };
}
