import type { Context } from 'koa';
import { constantTimeEqual, keyedHash } from '../../kernel/crypto/derive.ts';
import type { InteractionParts } from './parts.ts';

/**
 * When an interaction is over nothing of it is left on the server. This cookie, for its path alone, keeps which application
 * it was for and whether it was finished, so that a page reached by the back button can say so and lead on.
 */
export type Remembered = { readonly clientId: string; readonly state: 'open' | 'completed' };

const NAME = 'doorward_return';
// Longer than an interaction lives; each is a cookie of its own, and browsers keep only so many of one site.
const LIFETIME_MS = 2 * 60 * 60 * 1000;

const seal = (key: Uint8Array, uid: string, body: string): string =>
  keyedHash(key, `return\n${uid}\n${body}`).toString('base64url');

export function rememberReturn(ctx: Context, parts: InteractionParts, uid: string, remembered: Remembered): void {
  const body = Buffer.from(JSON.stringify([remembered.clientId, remembered.state])).toString('base64url');
  ctx.cookies.set(NAME, `${body}.${seal(parts.csrfKey, uid, body)}`, {
    httpOnly: true,
    sameSite: 'lax',
    secure: parts.issuer.startsWith('https:'),
    path: `/interaction/${uid}`,
    maxAge: LIFETIME_MS,
    signed: false,
    overwrite: true,
  });
}

export function readReturn(ctx: Context, parts: InteractionParts, uid: string): Remembered | undefined {
  const [body = '', mac = ''] = (ctx.cookies.get(NAME, { signed: false }) ?? '').split('.');
  if (!constantTimeEqual(mac, seal(parts.csrfKey, uid, body))) return undefined;
  const [clientId, state] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, Remembered['state']];
  return { clientId, state };
}
