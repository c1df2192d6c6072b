import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { DeviceKey } from '../../domain/sessions/device-binding.ts';

const coordinate = z.string().regex(/^[\w-]{43}$/);
const deviceKey = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate });

export type DeviceProof = { readonly challenge: string; readonly key: DeviceKey };

/**
 * A JWT of the `Secure-Session-Response` header (a string of RFC 9651, or bare): ES256, of type `dbsc+jwt`, its `jti` the challenge. With
 * `key` it is signed by that one; without, it names its own, which is then worth what the session is. Undefined where it is none.
 */
export async function readDeviceProof(header: string, key?: DeviceKey): Promise<DeviceProof | undefined> {
  const jwt = header.trim().replace(/^"(.*)"$/, '$1');
  if (jwt === '' || jwt.length > LONGEST_PROOF) return undefined;
  try {
    const own = key ?? deviceKey.safeParse(decodeProtectedHeader(jwt).jwk).data;
    if (own === undefined) return undefined;
    const { payload } = await jwtVerify(jwt, await importJWK({ ...own }, 'ES256'), {
      algorithms: ['ES256'],
      typ: 'dbsc+jwt',
    });
    return typeof payload.jti === 'string' ? { challenge: payload.jti, key: own } : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return undefined;
    throw error;
  }
}

const LONGEST_PROOF = 4096;
