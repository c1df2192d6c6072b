import { z } from 'zod';
import { defineRoute } from '../http/route.ts';

const step = z.object({
  type: z.enum(['user', 'client', 'organization', 'group', 'role', 'permission']),
  id: z.string(),
  name: z.string(),
});

export const explanationResource = z.object({
  subject: step,
  permission: z.string(),
  resource: z.string().optional(),
  at: z.iso.datetime().describe('The moment the answer is for.'),
  held: z.boolean().describe('Whether the subject has the permission at that moment.'),
  paths: z.array(
    z.object({
      resource: z.string().describe('Identifier of the resource server whose permission it is.'),
      inForce: z.boolean(),
      state: z.enum(['in_force', 'not_started', 'ended']),
      roleAssignmentId: z.uuid().optional().describe('Absent where the permission was given to the client itself.'),
      startsAt: z.iso.datetime().optional(),
      endsAt: z.iso.datetime().optional(),
      reason: z.string().optional(),
      steps: z.array(step).describe('From the subject to the permission.'),
    }),
  ),
  truncated: z.boolean().describe('There are more paths than these.'),
  misses: z.array(z.object({ code: z.string(), detail: z.string() })).describe('Why it is not held.'),
});

export const explainRoute = defineRoute({
  method: 'GET',
  path: '/explain',
  operationId: 'explain',
  summary: 'Why a person or a client has a permission, or has it not',
  description:
    'Every path of assignments from the subject to the permission, in force or not, and what is missing where there is none.',
  tag: 'Explain',
  permission: 'access:read',
  query: z
    .strictObject({
      userId: z.exactOptional(z.string()),
      clientId: z.exactOptional(z.string()),
      permission: z.string().min(1).max(256).describe('A permission value.'),
      resource: z.exactOptional(z.string()).describe('Identifier of a resource server; without it, all are looked at.'),
    })
    .refine(({ userId, clientId }) => (userId === undefined) !== (clientId === undefined), {
      path: ['userId'],
      error: 'expected either userId or clientId',
    }),
  responses: {
    200: { description: 'The explanation', schema: explanationResource },
    404: { description: 'There is no such person or client' },
  },
});

export const explainWithinRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id/explain',
  operationId: 'explainWithin',
  summary: 'Why a person has a permission within an organization, or has it not',
  description:
    'What a token for this organization holds. Whoever acts for an organization is told of assignments in it and in those below; not of those above.',
  tag: 'Explain',
  permission: 'access:read',
  organization: 'open',
  params: z.object({ id: z.string() }),
  query: z.strictObject({
    userId: z.string(),
    permission: z.string().min(1).max(256).describe('A permission value.'),
    resource: z.exactOptional(z.string()).describe('Identifier of a resource server; without it, all are looked at.'),
  }),
  responses: {
    200: { description: 'The explanation', schema: explanationResource },
    404: { description: 'There is no such organization or person' },
  },
});

export const tokenExplanationResource = z.object({
  clientId: z.string(),
  userId: z.string().optional().describe('Whose token it is; absent where the client got it for itself.'),
  resource: z.string().optional().describe('Identifier of the resource server it is for; absent: userinfo.'),
  scopes: z.array(z.string()),
  expiresAt: z.iso.datetime(),
  ends: z.array(z.object({ code: z.string(), detail: z.string() })).describe('Why it does not count any more.'),
  permissions: z.array(explanationResource).describe('Of each permission among its scopes, as things are now.'),
});

export const explainTokenRoute = defineRoute({
  method: 'POST',
  path: '/explain',
  operationId: 'explainToken',
  summary: 'What an access token permits, and which assignments give it',
  description:
    'The token is in the body, where no log sees it; it is not kept. With `clientId`, it has to be one of that client.',
  tag: 'Explain',
  permission: 'access:read',
  body: z.strictObject({
    token: z.string().min(1).max(16_384),
    clientId: z.exactOptional(z.string()),
  }),
  responses: {
    200: { description: 'The explanation', schema: tokenExplanationResource },
    404: { description: 'It is no access token of this installation, or is gone' },
  },
});
