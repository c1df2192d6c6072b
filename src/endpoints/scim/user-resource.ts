import { isDeepStrictEqual } from 'node:util';
import type { ResourceShape, Schema } from '../../domain/directory-filter/attribute.ts';
import type { GroupOfUser } from '../../domain/groups/memberships.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import { ENTERPRISE } from '../../domain/users/enterprise-input.ts';
import { isPersonInForce } from '../../domain/users/standing.ts';
import type { User } from '../../domain/users/user.ts';
import { type UserInput, type UserPatch, userInput, userPatch } from '../../domain/users/user-input.ts';
import { USER_SCHEMA } from '../../domain/users/user-schema.ts';
import { parseInput } from '../../kernel/input.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { WrittenResource } from './read-resource.ts';
import { versionTag } from './scim-route.ts';

const LISTS = ['emails', 'phoneNumbers', 'ims', 'photos', 'addresses', 'entitlements', 'x509Certificates'] as const;
const SINGLES = [
  'externalId',
  'displayName',
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
] as const;

/** What a client can write of a person, as SCIM has it. */
export function writtenUser(
  user: User,
  { at, shape }: { readonly at: Date; readonly shape: ResourceShape },
): WrittenResource {
  const whole: Record<string, unknown> = {
    userName: user.userName,
    active: isPersonInForce(user, at),
    name: user.name,
  };
  for (const name of SINGLES) whole[name] = user[name];
  for (const name of LISTS) whole[name] = user[name].map(withoutVerified);
  whole[ENTERPRISE] = user[ENTERPRISE];
  whole[CUSTOM] = customOf(user, shape, ({ mutability }) => mutability !== 'readOnly');
  return within(shape, whole);
}

type Attribute = Schema['attributes'][number];

/** The attributes there are for this caller, of extensions too. */
function within(shape: ResourceShape, resource: Readonly<Record<string, unknown>>): WrittenResource {
  const { own, extensions } = namesIn(shape);
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(resource)) {
    const members = extensions.get(name);
    if (members !== undefined) kept[name] = membersIn(resource[name], members);
    else if (own.has(name)) kept[name] = resource[name];
  }
  return present(kept);
}

function membersIn(value: unknown, known: ReadonlySet<string>): object | undefined {
  const members = Object.entries(objectOf(value)).filter(([name]) => known.has(name));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

type Names = { readonly own: ReadonlySet<string>; readonly extensions: ReadonlyMap<string, ReadonlySet<string>> };

const namesByShape = new WeakMap<ResourceShape, Names>();

/** The names in a shape, gathered once: a list asks for them with each of its resources. */
function namesIn(shape: ResourceShape): Names {
  const known = namesByShape.get(shape);
  if (known !== undefined) return known;
  const named = (attributes: readonly Attribute[]) => new Set(attributes.map(({ name }) => name));
  const names = {
    own: named([...shape.common, ...shape.schema.attributes]),
    extensions: new Map(shape.extensions.map(({ id, attributes }) => [id, named(attributes)])),
  };
  namesByShape.set(shape, names);
  return names;
}

/** Operator-defined attributes that this caller deals with. */
function customOf(user: User, { extensions }: ResourceShape, isMeant: (attribute: Attribute) => boolean) {
  const values = user[CUSTOM];
  if (values === undefined) return undefined;
  const known = extensions.find(({ id }) => id === CUSTOM)?.attributes.filter(isMeant) ?? [];
  const members = known.flatMap(({ name }) => (Object.hasOwn(values, name) ? [[name, values[name]]] : []));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Who proved that an address is theirs is no attribute of SCIM's. */
function withoutVerified(item: object): object {
  const { verified: _, ...rest } = item as { verified?: boolean };
  return rest;
}

export type UserContext = {
  readonly base: string;
  readonly at: Date;
  readonly shape: ResourceShape;
  readonly groups?: readonly GroupOfUser[] | undefined;
  readonly roles?: readonly string[] | undefined;
};

/** A whole person as SCIM shows them. */
export function presentUser(
  user: User,
  { base, at, shape, groups = [], roles = [] }: UserContext,
): Readonly<Record<string, unknown>> {
  const written = writtenUser(user, { at, shape });
  const enterprise = written[ENTERPRISE] as User[typeof ENTERPRISE];
  const manager = enterprise?.manager && {
    value: enterprise.manager.value,
    $ref: `${base}/Users/${enterprise.manager.value}`,
    displayName: user.managerDisplayName,
  };
  const custom = customOf(user, shape, ({ returned }) => returned !== 'never');
  return present({
    schemas: [
      USER_SCHEMA,
      ...(enterprise === undefined ? [] : [ENTERPRISE]),
      ...(custom === undefined ? [] : [CUSTOM]),
    ],
    id: user.id,
    ...written,
    groups: groups.map(({ value, display }) => ({ value, $ref: `${base}/Groups/${value}`, display, type: 'direct' })),
    roles: roles.map((value) => ({ value })),
    [ENTERPRISE]: enterprise && present({ ...enterprise, manager }),
    [CUSTOM]: custom,
    meta: {
      resourceType: 'User',
      created: user.createdAt.toISOString(),
      lastModified: user.updatedAt.toISOString(),
      location: `${base}/Users/${user.id}`,
      version: versionTag(user.version),
    },
  });
}

/** Without what has no value. */
function present(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const there: Record<string, unknown> = {};
  for (const name of Object.keys(resource)) {
    const value = resource[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) there[name] = value;
  }
  return there;
}

/** The input of a creation. */
export function newUser({ password: _, ...written }: WrittenResource): UserInput {
  return parseInput(
    userInput,
    { ...withManagerId(written), ...(written.emails ? { emails: withPrimary(written.emails) } : {}) },
    'scim.invalid',
  );
}

/**
 * What turns a person into what was asked for: attributes that differ, and no others. `active` that is not said stays: nobody is let in
 * again by being left out. What was proved of an address stays with it.
 */
export function changesOf(
  user: User,
  { was, wanted: { password: _, ...wanted } }: { readonly was: WrittenResource; readonly wanted: WrittenResource },
): UserPatch {
  const is: Readonly<Record<string, unknown>> = { ...withManagerId(wanted), emails: withPrimary(wanted.emails) };
  const differs = (name: string): boolean => !isDeepStrictEqual(was[name] ?? [], is[name] ?? []);
  const patch: Record<string, unknown> = {};
  // What a client may not leave out is missed where a whole person is read.
  if (is.userName === undefined && was.userName !== undefined)
    parseInput(userInput.pick({ userName: true }), {}, 'scim.invalid');
  if (differs('userName')) patch.userName = is.userName;
  if (is.active !== undefined && is.active !== was.active) patch.active = is.active;
  for (const name of SINGLES) if (differs(name)) patch[name] = is[name] ?? null;
  for (const name of LISTS) if (differs(name)) patch[name] = withVerified(name, is[name] ?? [], user);
  for (const name of ['name', ENTERPRISE, CUSTOM]) if (differs(name)) patch[name] = wholly(was[name], is[name]);
  return parseInput(userPatch, patch, 'scim.invalid');
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** In a merge patch, what is not there any more is null. What this caller does not deal with is in neither. */
const wholly = (was: unknown, is: unknown): object => ({
  ...Object.fromEntries(Object.keys(objectOf(was)).map((part) => [part, null])),
  ...objectOf(is),
});

/** RFC 7643 §4.3: a manager is said by `value`; the address in `$ref` follows from it. */
function withManagerId(written: WrittenResource): WrittenResource {
  const enterprise = written[ENTERPRISE] as { readonly manager?: { readonly value?: unknown } } | undefined;
  if (enterprise?.manager === undefined) return written;
  return { ...written, [ENTERPRISE]: { ...enterprise, manager: { value: enterprise.manager.value } } };
}

type Valued = { readonly value?: unknown; readonly primary?: unknown };

/** As the users room keeps them: the first address is primary when nothing was said of it. */
function withPrimary(emails: unknown): readonly object[] | undefined {
  if (!Array.isArray(emails)) return undefined;
  const items = emails as readonly Valued[];
  const isMarked = items.some(({ primary }) => primary === true);
  return items.map((item, index) => ({
    ...item,
    primary: isMarked ? item.primary === true : index === 0 && item.primary === undefined,
  }));
}

function withVerified(name: (typeof LISTS)[number], items: unknown, user: User): unknown {
  if ((name !== 'emails' && name !== 'phoneNumbers') || !Array.isArray(items)) return items;
  const verified = new Set(
    user[name].filter((item) => item.verified === true).map(({ value }) => comparisonKey(value)),
  );
  return (items as readonly Valued[]).map((item) =>
    typeof item.value === 'string' && verified.has(comparisonKey(item.value)) ? { ...item, verified: true } : item,
  );
}
