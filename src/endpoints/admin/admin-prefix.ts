/** Where the admin API lives; all its addresses are made of this and the configured issuer. */
export const ADMIN_PREFIX = '/admin/v1';
