/** RFC 7644 §8.2: the URNs of messages. */
const message = (name: string): string => `urn:ietf:params:scim:api:messages:2.0:${name}`;

export const LIST_RESPONSE = message('ListResponse');
export const SEARCH_REQUEST = message('SearchRequest');
export const PATCH_OP = message('PatchOp');
export const BULK_REQUEST = message('BulkRequest');
export const BULK_RESPONSE = message('BulkResponse');
export const ERROR = message('Error');
/** Ours: what a request would have changed. */
export const DRY_RUN = 'urn:doorward:params:scim:api:messages:2.0:DryRun';
