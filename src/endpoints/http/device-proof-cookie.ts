import type { Context } from 'koa';
import { PROOF_SECONDS } from '../../domain/sessions/device-binding.ts';

/** The cookie a device gets for each proof of its key, as the browser is told of it and as it is set: the two have to be alike. */
export function deviceProofCookie(issuer: string) {
  const isSecure = issuer.startsWith('https:');
  // RFC 6265bis §4.1.3.2: with this prefix no other host can set or overwrite it.
  const name = isSecure ? '__Host-doorward_proof' : 'doorward_proof';
  return {
    name,
    attributes: `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
    read: (ctx: Context): string => ctx.cookies.get(name, { signed: false }) ?? '',
    write: (ctx: Context, proof: string): void => {
      ctx.cookies.set(name, proof, {
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
        path: '/',
        maxAge: PROOF_SECONDS * 1000,
        signed: false,
        overwrite: true,
      });
    },
  };
}

/** Where browsers send proofs. */
export const devicePaths = {
  registration: '/device-bound-session/registration',
  refresh: '/device-bound-session/refresh',
} as const;
