export const ACCEPT_INVITATION_PATH = '/invitations/accept';

/** As `setPasswordUrl`: on the configured issuer, in the query. */
export const invitationUrl = (issuer: string, token: string): string =>
  `${issuer}${ACCEPT_INVITATION_PATH}?token=${encodeURIComponent(token)}`;
