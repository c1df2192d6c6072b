import { type Attribute, attribute, type ResourceShape, type Schema } from '../directory-filter/attribute.ts';
import type { Column, Columns } from '../directory-filter/columns.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import type { Reading, Writing } from '../user-attributes/user-attribute-input.ts';
import { type ScalarSchema, scalarOf } from '../user-attributes/value-schema.ts';
import { CUSTOM } from './custom-input.ts';
import { userShape } from './user-schema.ts';

/** Who looks, and through which door they write: operator-defined attributes say who may. */
export type CustomView = { readonly reading: Reading; readonly writing: Writing };

/** People as `view` sees them: with the operator-defined attributes they may read or write (RFC 7643 §3.3). */
export function userShapeFor(definitions: readonly UserAttribute[], view: CustomView): ResourceShape {
  const attributes = definitions.flatMap((definition) => attributeFor(definition, view) ?? []);
  return attributes.length === 0
    ? userShape
    : { ...userShape, extensions: [...userShape.extensions, customSchema(attributes)] };
}

const customSchema = (attributes: readonly Attribute[]): Schema => ({
  id: CUSTOM,
  name: 'CustomUser',
  description: 'What the operator of this server has defined of people.',
  attributes,
});

function attributeFor(definition: UserAttribute, { reading, writing }: CustomView): Attribute | undefined {
  const { name, schema, description, unique } = definition;
  const isRead = definition.readableBy.includes(reading);
  const isWritten = definition.writableBy.includes(writing) && definition.mutability !== 'readOnly';
  if (!isRead && !isWritten) return undefined;
  const scalar = scalarOf(schema);
  return attribute(name, description ?? 'Defined by the operator.', {
    type: TYPES[scalar.type],
    multiValued: schema.type === 'array',
    mutability: isRead ? (isWritten ? definition.mutability : 'readOnly') : 'writeOnly',
    returned: isRead ? 'default' : 'never',
    uniqueness: unique ? 'server' : 'none',
    ...('enum' in scalar ? { canonicalValues: scalar.enum } : {}),
  });
}

const TYPES = { string: 'string', boolean: 'boolean', integer: 'integer', number: 'decimal' } as const;

/** Where those that `reading` may read are kept; `u` is the users table. Names are letters, digits, `_` and `-` (value-schema.ts). */
export const customColumns = (definitions: readonly UserAttribute[], reading: Reading): Columns =>
  Object.fromEntries(
    definitions
      .filter(({ readableBy }) => readableBy.includes(reading))
      .map((definition) => [`${CUSTOM}:${definition.name}`, columnOf(definition)]),
  );

function columnOf(definition: UserAttribute): Column {
  const { name, schema } = definition;
  const value = `u.custom_attributes->>'${name}'`;
  if (schema.type !== 'array') return scalarColumn(schema, `(${value})`, definition);
  return {
    kind: 'many',
    some: (condition) =>
      `EXISTS (SELECT FROM jsonb_array_elements_text(u.custom_attributes->'${name}') AS item WHERE ${condition})`,
    values: {},
    value: scalarColumn(schema.items, 'item', undefined),
  };
}

function scalarColumn({ type }: ScalarSchema, sql: string, definition: UserAttribute | undefined): Column {
  const lookUp = definition && (definition.unique || definition.searchable) ? keysOf(definition) : {};
  if (type === 'string') return { kind: 'text', sql, ...lookUp };
  return type === 'boolean'
    ? { kind: 'boolean', sql: `(${sql})::boolean`, ...lookUp }
    : { kind: 'number', sql: `(${sql})::numeric`, ...lookUp };
}

/** By the index of keys: the form in which values are compared. The id is ours. */
const keysOf = ({ id }: UserAttribute) => ({
  lookUp: {
    key: 'k.key',
    some: (condition: string) =>
      `u.id IN (SELECT k.user_id FROM user_attribute_keys k WHERE k.attribute_id = '${id}' AND ${condition})`,
  },
});
