export const VERIFY_EMAIL_PATH = '/account/verify-email';

/** As `setPasswordUrl`: on the configured issuer, in the query. */
export const verifyEmailUrl = (issuer: string, token: string): string =>
  `${issuer}${VERIFY_EMAIL_PATH}?token=${encodeURIComponent(token)}`;
