import { z } from 'zod';
import { grantedPermissions } from '../clients/granted-permissions.ts';
import { lineOfText } from '../users/attribute-types.ts';

const name = lineOfText(128).describe('Unique; it is what the `roles` claim holds.');
const description = lineOfText(1000);
const inherits = z
  .array(lineOfText(128))
  .max(200)
  .refine((names) => new Set(names).size === names.length, 'the same role is there more than once')
  .describe('Names of roles whose permissions this role has as well.');

export const roleInput = z.strictObject({
  name,
  description: z.exactOptional(description),
  permissions: grantedPermissions.default([]),
  inherits: inherits.default([]),
});

/** A change by JSON merge patch (RFC 7396): arrays are replaced whole. */
export const rolePatch = z.strictObject({
  name: z.exactOptional(name),
  description: z.exactOptional(z.nullable(description)),
  permissions: z.exactOptional(grantedPermissions),
  inherits: z.exactOptional(inherits),
});

export type RoleInput = z.output<typeof roleInput>;
export type RolePatch = z.output<typeof rolePatch>;
