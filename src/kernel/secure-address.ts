import { z } from 'zod';

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Secrets and people's data travel there: over TLS, unless on the same machine. Where it leads is checked at each call. */
export const secureAddress = z
  .url({ protocol: /^https?$/, error: 'expected an https:// URL' })
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
    return url.protocol === 'https:' || isLoopback(url.hostname);
  }, 'expected an https:// URL without user name and fragment');
