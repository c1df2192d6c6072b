export const SET_PASSWORD_PATH = '/account/set-password';

/**
 * The address of a one-time link, always on the configured issuer (SECURITY-LESSONS 29). In the query, because the page
 * works without script; it loads nothing from elsewhere and is answered with `Referrer-Policy: no-referrer`.
 */
export const setPasswordUrl = (issuer: string, token: string): string =>
  `${issuer}${SET_PASSWORD_PATH}?token=${encodeURIComponent(token)}`;
