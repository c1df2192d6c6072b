import { z } from 'zod';
import { amendUserAttribute, removeUserAttribute } from '../../domain/lifecycle/amend-user-attribute.ts';
import { createUserAttribute } from '../../domain/user-attributes/change-user-attribute.ts';
import {
  getUserAttribute,
  listUserAttributes,
  type UserAttribute,
} from '../../domain/user-attributes/user-attribute.ts';
import { userAttributeInput, userAttributePatch } from '../../domain/user-attributes/user-attribute-input.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listSchema } from '../http/list-answer.ts';
import { created, defineRoute, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'User attributes';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such attribute' };
const taken = { description: 'The name or the claim is taken' };
const asked = { description: 'Rules of groups ask for it' };
const changedMeanwhile = { description: 'The attribute has changed since that version' };

const userAttributeResource = z.object({
  id: z.uuid(),
  ...userAttributeInput.shape,
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const routes = {
  list: defineRoute({
    method: 'GET',
    path: '/user-attributes',
    operationId: 'listUserAttributes',
    summary: 'List the attributes of people that are defined here, by name',
    tag,
    permission: 'user-attributes:read',
    responses: { 200: { description: 'All of them', schema: listSchema('userAttributes', userAttributeResource) } },
  }),
  create: defineRoute({
    method: 'POST',
    path: '/user-attributes',
    operationId: 'createUserAttribute',
    summary: 'Define an attribute of people',
    tag,
    permission: 'user-attributes:write',
    body: userAttributeInput,
    responses: { 201: { description: 'Defined', schema: userAttributeResource }, 409: taken },
  }),
  get: defineRoute({
    method: 'GET',
    path: '/user-attributes/:id',
    operationId: 'getUserAttribute',
    summary: 'See the definition of an attribute',
    tag,
    permission: 'user-attributes:read',
    params,
    responses: { 200: { description: 'The definition', schema: userAttributeResource }, 404: missing },
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/user-attributes/:id',
    operationId: 'updateUserAttribute',
    summary: 'Change the definition of an attribute',
    description:
      'JSON merge patch (RFC 7396). Values that people have stay as they are; name, type and indexes do not change.',
    tag,
    permission: 'user-attributes:write',
    params,
    body: userAttributePatch,
    responses: {
      200: { description: 'Changed', schema: userAttributeResource },
      404: missing,
      409: { description: 'The claim is taken, or rules of groups ask for what administrators could no longer read' },
      412: changedMeanwhile,
    },
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: '/user-attributes/:id',
    operationId: 'deleteUserAttribute',
    summary: 'Delete an attribute and the values people have',
    description: 'Rules of groups that ask for it are changed first.',
    tag,
    permission: 'user-attributes:write',
    params,
    responses: { 204: { description: 'Deleted' }, 404: missing, 409: asked, 412: changedMeanwhile },
  }),
};

type UserAttributesParts = { readonly read: Reader; readonly transact: Transact };

export function addUserAttributeRoutes(admin: ApiRouter, { read, transact }: UserAttributesParts): void {
  admin.handle(routes.list, async () => ok({ userAttributes: (await listUserAttributes(read)).map(present) }));
  admin.handle(routes.create, async ({ body, actor }) => {
    const attribute = await transact(actor, (tx) => createUserAttribute(tx, body));
    return created(`${ADMIN_PREFIX}/user-attributes/${attribute.id}`, present(attribute), attribute.version);
  });
  admin.handle(routes.get, async ({ params: { id } }) => shown(await getUserAttribute(read, id)));
  admin.handle(routes.update, async ({ params: { id }, body, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => amendUserAttribute(tx, { id, expectedVersion, patch: body }))),
  );
  admin.handle(routes.delete, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeUserAttribute(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (attribute: UserAttribute) => ok(present(attribute), attribute.version);

const present = (attribute: UserAttribute): Record<string, unknown> => ({
  id: attribute.id,
  name: attribute.name,
  schema: attribute.schema,
  description: attribute.description ?? undefined,
  unique: attribute.unique,
  searchable: attribute.searchable,
  mutability: attribute.mutability,
  readableBy: attribute.readableBy,
  writableBy: attribute.writableBy,
  claim: attribute.claim ?? undefined,
  version: attribute.version,
  createdAt: attribute.createdAt.toISOString(),
  updatedAt: attribute.updatedAt.toISOString(),
});
