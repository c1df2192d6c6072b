import type { Attribute, ResourceShape, Schema } from '../../domain/directory-filter/attribute.ts';
import { scimEvents } from '../../domain/signals/signal-events.ts';
import { notFound } from '../../kernel/errors.ts';
import { LARGEST_BODY_BYTES } from '../http/read-body.ts';
import { MOST_BULK_OPERATIONS } from './bulk-request.ts';
import type { ViewOf } from './caller-view.ts';
import { DEFAULT_COUNT, LARGEST_COUNT } from './list-query.ts';
import { listResponse } from './list-response.ts';
import { ScimRefusal } from './scim-error.ts';
import type { ScimCall, ScimHandler, ScimRoutes } from './scim-route.ts';

const core = (name: string): string => `urn:ietf:params:scim:schemas:core:2.0:${name}`;

type DiscoveryParts = { readonly base: string; readonly issuer: string; readonly viewOf: ViewOf };

/** RFC 7644 §4: what is offered here to this caller, made from what the rooms and the other routes go by. */
export function discoveryRoutes({ base, issuer, viewOf }: DiscoveryParts): ScimRoutes {
  const resourceTypes = async (call: ScimCall) => {
    const { users, groups } = await viewOf(call);
    return [users && resourceType(users, '/Users', base), groups && resourceType(groups, '/Groups', base)].filter(
      (type) => type !== undefined,
    );
  };
  const schemas = async (call: ScimCall) => {
    const { users, groups } = await viewOf(call);
    const shapes = [users, groups].filter((shape) => shape !== undefined);
    return shapes.flatMap((shape) =>
      [shape.schema, ...shape.extensions].map((one) => presentSchema(one, shape.common, base)),
    );
  };
  return [
    [
      { method: 'GET', path: '/ServiceProviderConfig', access: 'public' },
      async () => ({ status: 200, body: serviceProviderConfig(base, issuer) }),
    ],
    [{ method: 'GET', path: '/ResourceTypes', access: 'token' }, listed(resourceTypes)],
    [{ method: 'GET', path: '/ResourceTypes/:id', access: 'token' }, oneOf(resourceTypes)],
    [{ method: 'GET', path: '/Schemas', access: 'token' }, listed(schemas)],
    [{ method: 'GET', path: '/Schemas/:id', access: 'token' }, oneOf(schemas)],
  ];
}

/** RFC 7644 §4: a filter here is refused with 403. */
const listed =
  (found: (call: ScimCall) => Promise<readonly object[]>): ScimHandler =>
  async (call) => {
    if (call.query.filter !== undefined) throw new ScimRefusal(undefined, 'this list takes no filter', 403);
    const resources = await found(call);
    return { status: 200, body: listResponse({ startIndex: 1 }, { total: resources.length, resources }) };
  };

const oneOf =
  (found: (call: ScimCall) => Promise<readonly { readonly id: string }[]>): ScimHandler =>
  async (call) => {
    const body = (await found(call)).find(({ id }) => id.toLowerCase() === call.params.id?.toLowerCase());
    if (body === undefined) throw notFound('scim.no_such_resource', { detail: 'there is no such resource' });
    return { status: 200, body };
  };

const resourceType = ({ name, schema, extensions }: ResourceShape, endpoint: string, base: string) => ({
  schemas: [core('ResourceType')],
  id: name,
  name,
  description: schema.description,
  endpoint,
  schema: schema.id,
  ...(extensions.length === 0
    ? {}
    : { schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })) }),
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
});

const presentSchema = ({ id, name, description, attributes }: Schema, common: readonly Attribute[], base: string) => ({
  schemas: [core('Schema')],
  id,
  name,
  description,
  attributes: [...(id.includes(':extension:') ? [] : inSchema(common)), ...attributes].map(presentAttribute),
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
});

/** RFC 7643 §3.1 leaves the common attributes out of schemas; `externalId` is the one that clients write. */
const inSchema = (common: readonly Attribute[]) => common.filter(({ name }) => name === 'externalId');

/** RFC 7643 §7: characteristics that do not go with a type are left out. */
function presentAttribute(attribute: Attribute): object {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute;
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    ...(type === 'string' || type === 'reference' || type === 'binary' ? { caseExact } : {}),
    mutability,
    returned,
    uniqueness,
    ...(canonicalValues === undefined ? {} : { canonicalValues }),
    ...(referenceTypes === undefined ? {} : { referenceTypes }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(presentAttribute) }),
  };
}

/** RFC 7643 §5, RFC 9865 §3 and RFC 9967 §4. */
const serviceProviderConfig = (base: string, issuer: string) => ({
  schemas: [core('ServiceProviderConfig')],
  documentationUri: `${issuer}/`,
  patch: { supported: true },
  bulk: { supported: true, maxOperations: MOST_BULK_OPERATIONS, maxPayloadSize: LARGEST_BODY_BYTES },
  filter: { supported: true, maxResults: LARGEST_COUNT },
  changePassword: { supported: true },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: DEFAULT_COUNT,
    maxPageSize: LARGEST_COUNT,
  },
  securityEvents: { asyncRequest: 'none', eventUris: Object.values(scimEvents) },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth 2.0 access token',
      description:
        'A token for the resource urn:doorward:scim, by client credentials; sender-constrained ones (DPoP) too.',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});
