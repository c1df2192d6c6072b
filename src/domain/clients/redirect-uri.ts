const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Schemes that make a browser run or read something instead of going somewhere. */
const DANGEROUS_SCHEMES = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:', 'view-source:']);
/** RFC 3986 §2: all a URI may hold; what a browser would repair on its own (`\`, white space) is not among it. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()+,;=%]+$/;

export type ApplicationType = 'web' | 'native';

/**
 * What is wrong with a redirect URI, if anything. RFC 6749 §3.1.2: absolute, without fragment; RFC 9700 §2.1: compared
 * exactly, hence no wildcard; RFC 8252 §7: native apps may use loopback addresses and schemes that are a domain of theirs.
 */
export function redirectUriFault(text: string, applicationType: ApplicationType): string | undefined {
  if (text.includes('*')) return 'wildcards are not allowed: redirect URIs are compared exactly (RFC 9700 §2.1)';
  if (text.includes('#')) return 'a fragment is not allowed (RFC 6749 §3.1.2)';
  const url = URI_CHARACTERS.test(text) ? URL.parse(text) : null;
  if (url === null) return 'expected an absolute URI';
  if (url.username !== '' || url.password !== '') return 'a user name or password is not allowed';
  if (url.protocol === 'https:' || url.protocol === 'http:') return webFault(text, url, applicationType);
  if (applicationType === 'web')
    return 'expected https, or http on a loopback address; other schemes are for native clients';
  if (DANGEROUS_SCHEMES.has(url.protocol)) return `the scheme ${url.protocol.slice(0, -1)} is not allowed`;
  return url.protocol.includes('.') ? undefined : 'expected a scheme that is a domain name in reverse (RFC 8252 §7.1)';
}

function webFault(text: string, url: URL, applicationType: ApplicationType): string | undefined {
  // What a browser would repair (`https:/host`, `https:host`) is not what was registered.
  if (!/^https?:\/\/[^/]/i.test(text)) return 'expected an absolute URI with a host';
  const isLoopback = LOOPBACK_HOSTS.has(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) return 'http is for loopback addresses only: use https';
  if (url.protocol === 'https:' && isLoopback && applicationType === 'native')
    return 'native clients use http on loopback addresses (RFC 8252 §7.3)';
  return undefined;
}

/** RFC 6454 §6.2 serialisation of a secure or loopback origin. */
export function originFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.origin !== text || text.includes('*'))
    return 'expected an origin such as https://app.example.com, without a path';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)))
    return 'expected https, or http on a loopback address';
  return undefined;
}

/** An address that this server fetches keys or notices from, or sends them to: never readable on the way. */
export const isSecureOrLoopback = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)));
};
