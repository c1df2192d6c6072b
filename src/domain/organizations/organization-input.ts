import { z } from 'zod';
import type { OrganizationId } from '../../kernel/ids.ts';
import { keyedText, lineOfText } from '../users/attribute-types.ts';

const name = keyedText(128).describe('Unique without regard to case; the `org_name` claim holds it.');
const displayName = lineOfText(256);
const status = z.enum(['active', 'suspended']).describe('Suspended: no token is for it, or for those below it.');
const parentId = z.guid('expected the id of an organization').transform((text) => text.toLowerCase() as OrganizationId);

export const organizationInput = z.strictObject({
  name,
  displayName: z.exactOptional(displayName),
  parentId: z.exactOptional(parentId).describe('The organization it is in, whose administrators administer it too.'),
  status: z.exactOptional(status),
});

/** A change by JSON merge patch (RFC 7396). */
export const organizationPatch = z.strictObject({
  name: z.exactOptional(name),
  displayName: z.exactOptional(z.nullable(displayName)),
  parentId: z.exactOptional(z.nullable(parentId)),
  status: z.exactOptional(status),
});

export type OrganizationInput = z.output<typeof organizationInput>;
export type OrganizationPatch = z.output<typeof organizationPatch>;
