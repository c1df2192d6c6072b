import { z } from 'zod';
import { type Fault, invalid } from '../../kernel/errors.ts';
import type { PermissionId } from '../../kernel/ids.ts';
import { pointerTo } from '../../kernel/input.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { scopeToken, withoutRepetition } from './text-input.ts';

/** Permissions as roles and clients name them: values by resource server. */
export const grantedPermissions = z
  .array(
    z.strictObject({
      resource: z.string().min(1).max(512).describe('Identifier of the resource server.'),
      values: withoutRepetition(scopeToken, 500).describe('Values of its permissions.'),
    }),
  )
  .max(100)
  .refine(
    (grants) => new Set(grants.map(({ resource }) => resource)).size === grants.length,
    'the same resource is there more than once',
  );

export type GrantedPermissions = readonly { readonly resource: string; readonly values: readonly string[] }[];

type Resolved = { readonly resource: string; readonly value: string; readonly id: PermissionId };

/**
 * The ids behind the names, in one query. Throws invalid `permissions.unknown` with a pointer to each unknown one, below
 * the member `permissions` of the caller's input.
 */
export async function resolvePermissions(read: Reader, grants: GrantedPermissions): Promise<readonly PermissionId[]> {
  const named = grants.flatMap(({ resource, values }, at) =>
    values.map((value, index) => ({ resource, value, path: ['permissions', at, 'values', index] })),
  );
  if (named.length === 0) return [];
  const found = await read.query<Resolved>(
    `SELECT servers.identifier AS resource, permissions.value, permissions.id
     FROM unnest($1::text[], $2::text[]) AS named (resource, value)
     JOIN resource_servers servers ON servers.identifier = named.resource
     JOIN permissions ON permissions.resource_server_id = servers.id AND permissions.value = named.value`,
    [named.map(({ resource }) => resource), named.map(({ value }) => value)],
  );
  const ids = new Map(found.map(({ resource, value, id }) => [`${resource} ${value}`, id]));
  const faults: Fault[] = named
    .filter(({ resource, value }) => !ids.has(`${resource} ${value}`))
    .map(({ resource, value, path }) => ({
      pointer: pointerTo(path),
      code: 'unknown_permission',
      detail: `${resource} has no permission ${value}`,
    }));
  if (faults.length > 0)
    throw invalid('permissions.unknown', { detail: 'a permission does not exist; create it first', faults });
  return [...ids.values()];
}
