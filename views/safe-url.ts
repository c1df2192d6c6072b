/** Schemes that run code or open local content; refused whatever else is allowed. */
const refusedSchemes = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'blob:',
  'file:',
  'filesystem:',
  'about:',
  'view-source:',
]);

// Browsers drop these characters before they read a scheme ("java\nscript:"), so no URL that holds one is taken.
const ignoredByBrowsers = /[\p{Cc}\p{Cf}\s\\]/u;

function parse(url: string): URL | undefined {
  if (ignoredByBrowsers.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url);
}

/**
 * The URL when it is a path on this server (`/…`, not `//host`), a query or fragment of this page, or absolute http(s);
 * undefined otherwise, and then the attribute is left out. Every URL from data passes through here.
 */
export function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (/^[/?#]/.test(url)) return url.startsWith('//') || ignoredByBrowsers.test(url) ? undefined : url;
  const parsed = parse(url);
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? url : undefined;
}

/** As `safeUrl`, and also the private-use schemes of native applications (RFC 8252 §7.1), for redirect URIs only. */
export function safeRedirectUrl(url: string | undefined): string | undefined {
  const web = safeUrl(url);
  if (web !== undefined || url === undefined) return web;
  const parsed = parse(url);
  return parsed && !refusedSchemes.has(parsed.protocol) ? url : undefined;
}

/** The host a person would recognise in a URL ("shop.example.com"), for display. */
export function displayHost(url: string | undefined): string | undefined {
  const safe = safeUrl(url);
  return safe && URL.canParse(safe) ? new URL(safe).host : undefined;
}
