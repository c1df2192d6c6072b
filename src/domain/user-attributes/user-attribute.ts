/**
 * The room of operator-defined attributes of people: which there are, what their values may be, and who may read and write them.
 * The values are the users room's.
 */
import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { UserAttributeInput } from './user-attribute-input.ts';

export type UserAttribute = Omit<UserAttributeInput, 'description' | 'claim'> & {
  readonly id: string;
  readonly description: string | null;
  readonly claim: { readonly name: string; readonly scope: string } | null;
  readonly managedBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const COLUMNS = /* sql */ `
  id, name, schema, description, is_unique AS "unique", is_searchable AS "searchable", mutability, readable_by AS "readableBy",
  writable_by AS "writableBy", CASE WHEN claim_name IS NOT NULL THEN jsonb_build_object('name', claim_name, 'scope', claim_scope) END
  AS claim, managed_by AS "managedBy", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** They are few; all of them, by name. */
export const listUserAttributes = (read: Reader): Promise<readonly UserAttribute[]> =>
  read.query<UserAttribute>(`SELECT ${COLUMNS} FROM user_attributes ORDER BY name_key`);

/** Throws `not_found`. */
export async function getUserAttribute(read: Reader, id: string): Promise<UserAttribute> {
  const [row] = isUuid(id)
    ? await read.query<UserAttribute>(`SELECT ${COLUMNS} FROM user_attributes WHERE id = $1`, [id])
    : [];
  if (row === undefined) throw notFound('user_attributes.not_found', { detail: 'there is no such attribute' });
  return row;
}
