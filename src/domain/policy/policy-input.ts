import { z } from 'zod';
import type { OrganizationId } from '../../kernel/ids.ts';
import { blockOfText, keyedText, lineOfText } from '../users/attribute-types.ts';
import { rules } from './policy-rule.ts';

const name = keyedText(128).describe('Unique without regard to case, within the organization.');
const changeable = {
  description: blockOfText(1024).nullable(),
  enabled: z.boolean().describe('Turned off, it decides nothing.'),
  rules,
};

export const policyInput = z
  .strictObject({
    name,
    description: z.exactOptional(changeable.description),
    organizationId: z
      .exactOptional(
        z.guid('expected the id of an organization').transform((text) => text.toLowerCase() as OrganizationId),
      )
      .describe('For accounts and applications of this organization and those below it; tokens for it as well.'),
    clientId: z.exactOptional(lineOfText(512)).describe('For this application alone.'),
    enabled: changeable.enabled.default(true),
    rules: changeable.rules,
  })
  .refine(({ organizationId, clientId }) => organizationId === undefined || clientId === undefined, {
    path: ['clientId'],
    error: 'expected organizationId or clientId, not both',
  });

export const policyPatch = z.strictObject({
  name: z.exactOptional(name),
  description: z.exactOptional(changeable.description),
  enabled: z.exactOptional(changeable.enabled),
  rules: z.exactOptional(changeable.rules),
});

export type PolicyInput = z.output<typeof policyInput>;
export type PolicyPatch = z.output<typeof policyPatch>;
