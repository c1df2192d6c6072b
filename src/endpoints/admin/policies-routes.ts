import { z } from 'zod';
import { MISSING } from '../../domain/policy/evaluate-policies.ts';
import { policyInput, policyPatch } from '../../domain/policy/policy-input.ts';
import { requirements, termsDocument } from '../../domain/policy/policy-rule.ts';
import { RISK_SIGNALS, RISKS } from '../../domain/policy/sign-in-risk.ts';
import { listSchema } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Policies';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such policy' };
const taken = { description: 'The name is taken' };
const changedMeanwhile = { description: 'The policy has changed since that version' };

export const policyResource = z.object({
  id: z.uuid(),
  ...policyInput.shape,
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const listPoliciesRoute = defineRoute({
  method: 'GET',
  path: '/policies',
  operationId: 'listPolicies',
  summary: 'List sign-in policies, by name',
  tag,
  permission: 'policies:read',
  organization: 'open',
  responses: { 200: { description: 'All of them', schema: listSchema('policies', policyResource) } },
});

export const createPolicyRoute = defineRoute({
  method: 'POST',
  path: '/policies',
  operationId: 'createPolicy',
  summary: 'Create a sign-in policy',
  description:
    'Rules are read in their order: require adds, allow ends the reading of this policy, deny refuses. What all policies ask for is added up; the strictest counts.',
  tag,
  permission: 'policies:write',
  organization: 'open',
  body: policyInput,
  responses: { 201: { description: 'Created', schema: policyResource }, 409: taken },
});

export const getPolicyRoute = defineRoute({
  method: 'GET',
  path: '/policies/:id',
  operationId: 'getPolicy',
  summary: 'See a sign-in policy',
  tag,
  permission: 'policies:read',
  organization: 'open',
  params,
  responses: { 200: { description: 'The policy', schema: policyResource }, 404: missing },
});

export const updatePolicyRoute = defineRoute({
  method: 'PATCH',
  path: '/policies/:id',
  operationId: 'updatePolicy',
  summary: 'Change a sign-in policy, turn it off or on',
  description:
    'JSON merge patch (RFC 7396); the rules are replaced whole. It counts from the next sign-in and refresh.',
  tag,
  permission: 'policies:write',
  organization: 'open',
  params,
  body: policyPatch,
  responses: {
    200: { description: 'Changed', schema: policyResource },
    404: missing,
    409: taken,
    412: changedMeanwhile,
  },
});

export const deletePolicyRoute = defineRoute({
  method: 'DELETE',
  path: '/policies/:id',
  operationId: 'deletePolicy',
  summary: 'Delete a sign-in policy',
  tag,
  permission: 'policies:write',
  organization: 'open',
  params,
  responses: { 204: { description: 'Deleted' }, 404: missing, 412: changedMeanwhile },
});

const evaluationInput = z.strictObject({
  userId: z.string().max(64),
  clientId: z.string().max(512),
  organizationId: z.exactOptional(z.guid()).describe('The tokens would be for it.'),
  ipAddress: z.exactOptional(z.union([z.ipv4(), z.ipv6()])).describe('Left out, rules about networks are not known.'),
  knownBrowser: z.exactOptional(z.boolean()),
  risk: z.exactOptional(z.enum(RISKS)).describe('Left out, it is found from the address, the browser and the log.'),
  signedIn: z
    .exactOptional(
      z.strictObject({ amr: z.array(z.string().max(32)).max(16), secondsAgo: z.int().min(0).max(315_360_000) }),
    )
    .describe('Left out, nobody has signed in yet.'),
});

export const evaluationResource = z.object({
  decision: z.enum(['allowed', 'more_needed', 'denied']),
  reason: z.string().optional().describe('What the person is told when they are denied.'),
  requires: z.object({
    ...requirements.shape,
    terms: z.array(termsDocument),
    attributes: z.array(z.string()),
  }),
  askedBy: z
    .array(
      z.object({
        requirement: z.enum(Object.keys(requirements.shape)),
        policyId: z.uuid(),
        policyName: z.string(),
        rule: z.int(),
      }),
    )
    .describe('Which rule asks for it: where several ask for the same, the strictest.'),
  missing: z.array(z.enum(MISSING)).describe('What the sign-in lacks of it.'),
  risk: z
    .object({ level: z.enum(RISKS), signals: z.array(z.enum(RISK_SIGNALS)) })
    .optional()
    .describe('Absent where no rule asks for it, or it is not known.'),
  policies: z
    .array(
      z.object({
        policyId: z.uuid(),
        policyName: z.string(),
        rules: z.array(
          z.object({
            index: z.int(),
            effect: z.enum(['allow', 'require', 'deny']),
            description: z.string().optional(),
            outcome: z.enum(['holds', 'does_not_hold', 'not_known', 'not_read']),
            condition: z.string().optional().describe('The first that does not hold, or is not known.'),
          }),
        ),
      }),
    )
    .describe('Those that concern this person and application, and how each rule was read.'),
});

export const evaluatePoliciesRoute = defineRoute({
  method: 'POST',
  path: '/policies/evaluations',
  operationId: 'evaluatePolicies',
  summary: 'Say what the policies decide about a sign-in, and which rule',
  description: 'Nothing happens: no sign-in, no event, no mail.',
  tag,
  permission: 'policies:read',
  body: evaluationInput,
  responses: {
    200: { description: 'The decision', schema: evaluationResource },
    404: { description: 'There is no such person or application' },
  },
});
