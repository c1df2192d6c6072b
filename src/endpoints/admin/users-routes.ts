import { z } from 'zod';
import { passwordFields } from '../../domain/credentials/password-credential-input.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import { ENTERPRISE } from '../../domain/users/enterprise-input.ts';
import { USER_STATUSES } from '../../domain/users/standing.ts';
import { userInput, userPatch } from '../../domain/users/user-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';
import { userResource } from './users-resource.ts';

const tag = 'Users';
const params = z.object({ id: z.string() });
const changedMeanwhile = { description: 'The user has changed since that version' };
const missing = { description: 'There is no such user' };
const taken = { description: 'The userName is taken' };

const text = z.exactOptional(z.string());
const twoSpellings = {
  familyName: 'name.familyName',
  givenName: 'name.givenName',
  email: 'emails.value',
  employeeNumber: `${ENTERPRISE}:employeeNumber`,
  costCenter: `${ENTERPRISE}:costCenter`,
  organization: `${ENTERPRISE}:organization`,
  division: `${ENTERPRISE}:division`,
  department: `${ENTERPRISE}:department`,
  manager: `${ENTERPRISE}:manager.value`,
} as const;
type Short = keyof typeof twoSpellings;
type Long = (typeof twoSpellings)[Short];

const bothSpellings = Object.fromEntries(
  Object.entries(twoSpellings)
    .flat()
    .map((name) => [name, text]),
) as Record<Short | Long, typeof text>;

/** What was asked for, by its short name. */
export const asked = (query: Readonly<Partial<Record<Short | Long, string>>>) =>
  Object.fromEntries(
    Object.entries(twoSpellings).map(([short, long]) => [short, query[long] ?? query[short as Short]]),
  );

const CUSTOM_PREFIX = `${CUSTOM}:`;

/** Operator-defined attributes that were asked for, by name. */
export const customOf = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      name.startsWith(CUSTOM_PREFIX) ? [[name.slice(CUSTOM_PREFIX.length), String(value)]] : [],
    ),
  );

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys({ ...pageParameters, ...bothSpellings }),
  ...['userName', 'externalId', 'active', 'status', 'displayName', 'title', 'userType'],
]);
const isKnown = (name: string): boolean => KNOWN.has(name) || name.startsWith(CUSTOM_PREFIX);

export const searchUsersRoute = defineRoute({
  method: 'GET',
  path: '/users',
  operationId: 'searchUsers',
  summary: 'List people, or look for those with given attribute values',
  description:
    'People are also found by searchable attributes of the operator, as urn:doorward:params:scim:schemas:extension:custom:2.0:User:<name>. All given values must be the same; upper and lower case are, except in externalId. Ordered by id.',
  tag,
  permission: 'users:read',
  organization: 'open',
  query: z
    .strictObject({
      ...pageParameters,
      userName: text,
      externalId: text,
      active: z.exactOptional(z.enum(['true', 'false'])),
      status: z.exactOptional(z.enum(USER_STATUSES)),
      displayName: text,
      title: text,
      userType: text,
      ...bothSpellings,
    })
    .catchall(text)
    .superRefine((query, context) => {
      const unknown = Object.keys(query).filter((name) => !isKnown(name));
      if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: query });
      for (const [short, long] of Object.entries(twoSpellings)) {
        if (short in query && long in query)
          context.addIssue({ code: 'custom', path: [short], message: `expected ${short} or ${long}, not both` });
      }
    }),
  responses: { 200: { description: 'One page', schema: listSchema('users', userResource) } },
});

export const createUserRoute = defineRoute({
  method: 'POST',
  path: '/users',
  operationId: 'createUser',
  summary: 'Create a person',
  description:
    'Somebody with an e-mail address and without a password is sent a mail with which they choose one, unless sendInvitation is false or no mail server is configured.',
  tag,
  permission: 'users:write',
  organization: 'open',
  body: userInput.extend({
    ...passwordFields,
    sendInvitation: z
      .exactOptional(z.boolean())
      .describe('true: refused where no invitation can be sent. false: none is sent.'),
  }),
  responses: { 201: { description: 'Created', schema: userResource }, 409: taken },
});

export const getUserRoute = defineRoute({
  method: 'GET',
  path: '/users/:id',
  operationId: 'getUser',
  summary: 'See a person',
  tag,
  permission: 'users:read',
  organization: 'open',
  params,
  responses: { 200: { description: 'The person', schema: userResource }, 404: missing },
});

export const updateUserRoute = defineRoute({
  method: 'PATCH',
  path: '/users/:id',
  operationId: 'updateUser',
  summary: 'Change a person',
  description:
    'JSON merge patch (RFC 7396): null removes an attribute, lists are replaced whole. active: false ends all their access in the same moment, as every other change does that puts them out; so does a new password for sessions made with the old one.',
  tag,
  permission: 'users:write',
  organization: 'managed',
  params,
  body: userPatch.extend(passwordFields),
  responses: {
    200: { description: 'Changed', schema: userResource },
    404: missing,
    409: { description: 'The userName is taken, or nobody would be left to administer' },
    412: changedMeanwhile,
  },
});

const difference = z.object({
  groups: z.array(z.string()),
  roles: z.array(z.string()),
  permissions: z.array(z.object({ resource: z.string(), values: z.array(z.string()) })),
});

export const previewAccessRoute = defineRoute({
  method: 'POST',
  path: '/users/:id/access-preview',
  operationId: 'previewAccess',
  summary: 'See what a change of a person would give them and take from them; nothing changes',
  description: 'Takes what PATCH /users/{id} takes, without passwords, and refuses what that would refuse.',
  tag,
  permission: 'users:write',
  params,
  body: userPatch,
  mediaTypes: ['application/merge-patch+json', 'application/json'],
  responses: {
    200: { description: 'What would change', schema: z.object({ gains: difference, losses: difference }) },
    404: missing,
    409: { description: 'The userName is taken, or nobody would be left to administer' },
  },
});

export const deleteUserRoute = defineRoute({
  method: 'DELETE',
  path: '/users/:id',
  operationId: 'deleteUser',
  summary: 'Delete a person and end all their access',
  tag,
  permission: 'users:write',
  organization: 'managed',
  params,
  responses: {
    204: { description: 'Deleted' },
    404: missing,
    409: { description: 'Nobody would be left to administer' },
    412: changedMeanwhile,
  },
});

export const setUserPasswordRoute = defineRoute({
  method: 'PUT',
  path: '/users/:id/password',
  operationId: 'setUserPassword',
  summary: 'Set a password; sessions made with the old one end',
  tag,
  permission: 'users:write',
  organization: 'managed',
  params,
  body: z
    .strictObject(passwordFields)
    .refine((body) => Object.keys(body).length > 0, { path: ['password'], message: 'expected a password' }),
  responses: { 204: { description: 'Set' }, 404: missing },
});

export const createSetPasswordLinkRoute = defineRoute({
  method: 'POST',
  path: '/users/:id/set-password-link',
  operationId: 'createSetPasswordLink',
  summary: 'Make a link with which the person sets their password once',
  description: 'It is shown in this answer alone. Earlier links of this person stop working.',
  tag,
  permission: 'users:write',
  organization: 'managed',
  params,
  responses: {
    201: { description: 'Made', schema: z.object({ link: z.url(), expiresAt: z.iso.datetime() }) },
    404: missing,
  },
});
