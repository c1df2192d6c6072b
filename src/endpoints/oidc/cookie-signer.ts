import { constantTimeEqual, keyedHash } from '../../kernel/crypto/derive.ts';

/** What Koa's cookies sign with; `index` tells by which of several keys, of which there is one. */
type CookieSigner = {
  sign(data: string): string;
  verify(data: string, signature: string): boolean;
  index(data: string, signature: string): number;
};

/** HMAC-SHA-256. In place of keygrip, which takes three of them and new random bytes to check each cookie of a request. */
export function createCookieSigner(key: Uint8Array): CookieSigner {
  const sign = (data: string): string => keyedHash(key, data).toString('base64url');
  const verify = (data: string, signature: string): boolean => constantTimeEqual(sign(data), signature);
  return { sign, verify, index: (data, signature) => (verify(data, signature) ? 0 : -1) };
}
