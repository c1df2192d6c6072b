/** DESIGN §8: where SCIM 2.0 is spoken. */
export const SCIM_PREFIX = '/scim/v2';
