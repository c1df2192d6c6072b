import { isDeepStrictEqual } from 'node:util';
import { conflict, invalid, precondition } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { getUserAttribute, type UserAttribute } from './user-attribute.ts';
import { isTold, NOT_TOLD, type UserAttributeInput, type UserAttributePatch } from './user-attribute-input.ts';
import { kindOf } from './value-schema.ts';

/** Beyond this many, people are described elsewhere. */
const MOST_ATTRIBUTES = 200;

/** Throws conflict `user_attributes.name_taken`, `user_attributes.claim_taken`, `user_attributes.too_many`. */
export async function createUserAttribute(
  tx: Tx,
  input: UserAttributeInput & { readonly managedBy?: string },
): Promise<UserAttribute> {
  const id = newId<string>(tx.now.getTime());
  const { name, schema, description = null, unique, searchable, mutability, readableBy, writableBy } = input;
  const rows = await tx
    .query<{ id: string }>(
      `INSERT INTO user_attributes (id, name, name_key, schema, description, is_unique, is_searchable, mutability, readable_by,
         writable_by, claim_name, claim_scope, managed_by, created_at, updated_at)
       SELECT $1, $2, lower($2), $3::jsonb, $4, $5, $6, $7, $8::text[], $9::text[], $10, $11, $12, $13, $13
       WHERE (SELECT count(*) FROM user_attributes) < ${MOST_ATTRIBUTES} RETURNING id`,
      [
        ...[id, name, JSON.stringify(schema), description, unique, searchable, mutability, readableBy, writableBy],
        ...[input.claim?.name ?? null, input.claim?.scope ?? null, input.managedBy ?? null, tx.now],
      ],
    )
    .catch(onNameTaken)
    .catch(onClaimTaken);
  if (rows.length === 0)
    throw conflict('user_attributes.too_many', { detail: `at most ${MOST_ATTRIBUTES} attributes can be defined` });
  const { managedBy: _, ...said } = input;
  const changed = Object.fromEntries(Object.entries(said).map(([member, to]) => [member, { to }]));
  tx.record({ type: 'user-attributes.created', target: { type: 'user_attribute', id }, details: { changed } });
  tx.announce({ topic: 'user-attributes', key: '*' });
  return getUserAttribute(tx, id);
}

const CHANGEABLE = ['schema', 'description', 'mutability', 'readableBy', 'writableBy', 'claim'] as const;

export type UserAttributeChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: UserAttributePatch;
};

/** Values that are there stay as they are. Throws not_found, precondition, invalid, conflict `user_attributes.claim_taken`. */
export async function updateUserAttribute(
  tx: Tx,
  { id, expectedVersion, patch }: UserAttributeChange,
): Promise<UserAttribute> {
  const before = await getUserAttribute(tx, id);
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw changedMeanwhile();
  const after = { ...before, ...patch };
  if (kindOf(before.schema) !== kindOf(after.schema))
    throw refused('/schema', 'the type of an attribute cannot change; delete it and define another');
  if (!isTold(after)) throw refused('/claim', NOT_TOLD);
  const names = CHANGEABLE.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (names.length === 0) return before;
  const { schema, description, mutability, readableBy, writableBy, claim } = after;
  const rows = await tx
    .query<{ id: string }>(
      `WITH changed AS (
         UPDATE user_attributes SET schema = $3::jsonb, description = $4, mutability = $5, readable_by = $6::text[],
           writable_by = $7::text[], claim_name = $8, claim_scope = $9, version = version + 1, updated_at = $10
         WHERE id = $1 AND version = $2 RETURNING id)
       SELECT id FROM changed`,
      [
        ...[id, before.version, JSON.stringify(schema), description, mutability, readableBy, writableBy],
        ...[claim?.name ?? null, claim?.scope ?? null, tx.now],
      ],
    )
    .catch(onClaimTaken);
  if (rows.length === 0) throw changedMeanwhile();
  const changed = Object.fromEntries(names.map((name) => [name, { from: before[name], to: after[name] }]));
  tx.record({ type: 'user-attributes.updated', target: { type: 'user_attribute', id }, details: { changed } });
  tx.announce({ topic: 'user-attributes', key: '*' });
  return getUserAttribute(tx, id);
}

/** With the values everybody has. Throws not_found, precondition. */
export async function deleteUserAttribute(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const { name, version } = await getUserAttribute(tx, id);
  if (expectedVersion !== undefined && version !== expectedVersion) throw changedMeanwhile();
  await tx.query('DELETE FROM user_attributes WHERE id = $1', [id]);
  const [row] = await tx.query<{ count: number }>(
    `WITH less AS (
       UPDATE users SET custom_attributes = custom_attributes - $1, version = version + 1, updated_at = $2
       WHERE custom_attributes ? $1 RETURNING 1)
     SELECT count(*)::int AS count FROM less`,
    [name, tx.now],
  );
  await tx.query(
    `UPDATE deleted_users SET snapshot = snapshot #- ARRAY['user', 'custom_attributes', $1] WHERE snapshot IS NOT NULL`,
    [name],
  );
  const details = { name, people: row?.count ?? 0 };
  tx.record({ type: 'user-attributes.deleted', target: { type: 'user_attribute', id }, details });
  tx.announce({ topic: 'user-attributes', key: '*' });
  tx.announce({ topic: 'users', key: '*' });
}

const changedMeanwhile = () =>
  precondition('request.version_mismatch', { detail: 'the attribute was changed meanwhile; read it again' });

const refused = (pointer: string, detail: string) =>
  invalid('user_attributes.invalid', { detail, faults: [{ pointer, code: 'custom', detail }] });

const taken = (code: string, pointer: string, detail: string) => () =>
  conflict(code, { detail, faults: [{ pointer, code: 'taken', detail }] });
const onNameTaken = onConstraint(
  'user_attributes_name_key',
  taken('user_attributes.name_taken', '/name', 'an attribute has this name'),
);
const onClaimTaken = onConstraint(
  'user_attributes_claim_key',
  taken('user_attributes.claim_taken', '/claim/name', 'another attribute is told as this claim'),
);
