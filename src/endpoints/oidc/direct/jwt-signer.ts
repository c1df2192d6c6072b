import type { KeyRing } from '../../../domain/keys/key-ring.ts';
import { inSigningOrder, ServerSigningKey } from '../signing-key.ts';

/** A compact JWS (RFC 7515 §7.1) under the key that signs for this algorithm now. */
export type JwtSigner = (alg: string, typ: string | undefined, payload: object) => Promise<string>;

export function createJwtSigner(keyRing: Pick<KeyRing, 'current' | 'onChange'>): JwtSigner {
  const keys = new Map<string, ServerSigningKey>();
  const headers = new Map<string, string>();
  keyRing.onChange(() => {
    keys.clear();
    headers.clear();
  });

  const keyFor = (alg: string): ServerSigningKey => {
    const known = keys.get(alg);
    if (known) return known;
    const active = inSigningOrder(keyRing.current().signing).find((one) => one.alg === alg);
    if (!active) throw new Error(`there is no key for ${alg}`);
    const key = new ServerSigningKey(active);
    keys.set(alg, key);
    return key;
  };
  const headerFor = (alg: string, typ: string | undefined, kid: string | undefined): string => {
    const name = `${alg} ${typ}`;
    const known = headers.get(name);
    if (known !== undefined) return known;
    const header = Buffer.from(JSON.stringify({ alg, typ, kid })).toString('base64url');
    headers.set(name, header);
    return header;
  };

  return async (alg, typ, payload) => {
    const key = keyFor(alg);
    const input = `${headerFor(alg, typ, key.kid)}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    const signature = await key.sign(Buffer.from(input));
    return `${input}.${Buffer.from(signature).toString('base64url')}`;
  };
}
