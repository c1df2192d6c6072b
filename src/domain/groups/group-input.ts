import { z } from 'zod';
import type { OrganizationId } from '../../kernel/ids.ts';
import { isStorableText } from '../../kernel/text.ts';
import { LONGEST_FILTER } from '../directory-filter/parse-filter.ts';
import { keyedText, lineOfText } from '../users/attribute-types.ts';

const displayName = keyedText(256).describe('Unique without regard to case; it is what the `groups` claim holds.');
const externalId = lineOfText(256);

const membershipRule = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_FILTER)
  .refine(isStorableText, 'expected text without NUL and lone surrogates')
  .describe(
    'A filter over people (RFC 7644 §3.4.2.2), such as `department eq "Sales"`: the members are exactly those who meet it.',
  );

const organizationId = z
  .guid('expected the id of an organization')
  .transform((text) => text.toLowerCase() as OrganizationId);

/** RFC 7643 §4.2. Members are added and removed by their own calls. */
export const groupInput = z.strictObject({
  displayName,
  externalId: z.exactOptional(externalId),
  membershipRule: z.exactOptional(membershipRule),
  organizationId: z
    .exactOptional(organizationId)
    .describe(
      'Makes it a team: a group for the members of this organization, with a name unique within it. Never changes.',
    ),
});

/** A change by JSON merge patch (RFC 7396). */
export const groupPatch = z.strictObject({
  displayName: z.exactOptional(displayName),
  externalId: z.exactOptional(z.nullable(externalId)),
  membershipRule: z.exactOptional(z.nullable(membershipRule)),
});

export type GroupInput = z.output<typeof groupInput>;
export type GroupPatch = z.output<typeof groupPatch>;
