import type { CoreField, ProfileField } from '../../../views/account/profile.tsx';
import type { Configuration } from '../../config/configuration.ts';
import { listUserAttributes, type UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import { type CustomValue, type ScalarSchema, scalarOf } from '../../domain/user-attributes/value-schema.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import type { User } from '../../domain/users/user.ts';
import type { UserPatch } from '../../domain/users/user-input.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

type Form = Readonly<Record<string, string>>;
type ProfileAttribute = Configuration['profileAttributes'][number];

/** A field of the form, and what its text means. */
export type Editable = {
  readonly field: ProfileField;
  /** RFC 6901: where faults of it are found. */
  readonly pointer: string;
  readonly patchOf: (text: string) => UserPatch;
};

const nameParts = ['givenName', 'familyName'] as const;
type Plain = Exclude<ProfileAttribute, 'name'>;

/** What somebody may change of themselves, in the order in which it is shown. */
export async function editableFields(
  { read, profileAttributes }: { readonly read: Reader; readonly profileAttributes: readonly ProfileAttribute[] },
  user: User,
): Promise<readonly Editable[]> {
  const core = profileAttributes.flatMap((name) =>
    name === 'name' ? nameParts.map((part) => namePart(user, part)) : [plainField(user, name)],
  );
  const own = (await listUserAttributes(read)).filter((attribute) => isOwn(attribute, user));
  return [...core, ...own.map((attribute) => customField(user, attribute))];
}

const isOwn = ({ name, mutability, readableBy, writableBy }: UserAttribute, user: User): boolean =>
  readableBy.includes('self') &&
  writableBy.includes('self') &&
  (mutability === 'readWrite' || (mutability === 'immutable' && user[CUSTOM]?.[name] === undefined));

const orNothing = (text: string): string | null => (text === '' ? null : text);

const namePart = (user: User, part: (typeof nameParts)[number]): Editable => ({
  field: { kind: 'core', id: part, name: part, value: user.name?.[part] ?? '', control: 'text' },
  pointer: `/name/${part}`,
  patchOf: (text) => ({ name: { [part]: orNothing(text) } }),
});

const plainField = (user: User, name: Plain): Editable => ({
  field: { kind: 'core', id: name, name: name satisfies CoreField, value: user[name] ?? '', ...controlOf(name, user) },
  pointer: `/${name}`,
  patchOf: (text) => ({ [name]: orNothing(text) }),
});

function controlOf(name: Plain, user: User): Pick<ProfileField, 'control' | 'choices'> {
  if (name !== 'timezone') return { control: 'text' };
  const zones = Intl.supportedValuesOf('timeZone');
  const { timezone } = user;
  return {
    control: 'choice',
    choices: timezone === undefined || zones.includes(timezone) ? zones : [timezone, ...zones],
  };
}

function customField(user: User, { name, description, schema }: UserAttribute): Editable {
  const scalar = scalarOf(schema);
  const isList = schema.type === 'array';
  const value = user[CUSTOM]?.[name];
  return {
    field: {
      kind: 'custom',
      id: `custom.${name}`,
      label: description ?? name,
      value: textOf(value),
      ...(isList ? { control: 'lines' } : customControl(scalar)),
    },
    pointer: `/${CUSTOM}/${name}`,
    patchOf: (text) => ({ [CUSTOM]: { [name]: isList ? listIn(scalar, text) : scalarIn(scalar, text) } }),
  };
}

const textOf = (value: CustomValue | undefined): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join('\n') : String(value);

function customControl(schema: ScalarSchema): Pick<ProfileField, 'control' | 'choices'> {
  if (schema.type === 'boolean') return { control: 'yes_no' };
  if (schema.type === 'string' && 'enum' in schema) return { control: 'choice', choices: schema.enum };
  return { control: 'text' };
}

/** What is no such value stays text, which the attribute's own check then refuses. */
function scalarIn({ type }: ScalarSchema, text: string): string | number | boolean | null {
  if (text === '') return null;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type !== 'integer' && type !== 'number') return text;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function listIn(schema: ScalarSchema, text: string) {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : lines.flatMap((line) => scalarIn(schema, line) ?? []);
}

/** The change a form asks for: fields it leaves out, or leaves as they are, stay so. */
export function patchIn(editable: readonly Editable[], form: Form): UserPatch {
  const changed = editable.filter(({ field }) => form[field.id] !== undefined && form[field.id] !== field.value);
  const patches = changed.map(({ field, patchOf }) => patchOf((form[field.id] ?? '').trim()));
  const names = patches.map(({ name }) => name).filter((name) => name !== undefined && name !== null);
  const customs = patches
    .map(({ [CUSTOM]: custom }) => custom)
    .filter((custom) => custom !== undefined && custom !== null);
  return {
    ...Object.assign({}, ...patches),
    ...(names.length > 0 ? { name: Object.assign({}, ...names) } : {}),
    ...(customs.length > 0 ? { [CUSTOM]: Object.assign({}, ...customs) } : {}),
  };
}
