import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts';
import { resolvePath } from '../directory-filter/resolve-path.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { primaryEmail, type User } from '../users/user.ts';
import { userShape } from '../users/user-schema.ts';

/** Path there → attribute here. No more than an application needs to show who somebody is. */
export const DEFAULT_MAPPING: Readonly<Record<string, string>> = {
  userName: 'userName',
  displayName: 'displayName',
  'name.givenName': 'name.givenName',
  'name.familyName': 'name.familyName',
  emails: 'emails',
};

/** The primary e-mail address alone, as text. */
const PRIMARY_EMAIL = 'primaryEmail';
/** Lists there, which a single text becomes the one value of. */
const LISTS = new Set(['emails', 'phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates']);
/** Ids of people here mean nothing there; the others are no attributes of the person's own. */
const NOT_SENT = new Set(['active', 'password', 'manager', 'meta', 'schemas', 'id']);
/** What Doorward itself writes there. */
const OWN = new Set(['id', 'externalid', 'active', 'password', 'groups', 'meta', 'schemas']);

const PATH = /^(?:(urn:[A-Za-z0-9][\w.:-]*):)?([A-Za-z$][\w$-]*)(?:\.([A-Za-z$][\w$-]*))?$/;

type Path = { readonly urn: string | undefined; readonly name: string; readonly sub: string | undefined };

function parsePath(text: string): Path | undefined {
  const match = PATH.exec(text);
  return match === null ? undefined : { urn: match[1], name: match[2] ?? '', sub: match[3] };
}

export function pathFault(text: string): string | undefined {
  const path = parsePath(text);
  if (path === undefined || [path.name, path.sub].some((part) => part === '__proto__' || part === 'constructor'))
    return 'expected a SCIM attribute path such as name.givenName';
  return path.urn === undefined && OWN.has(path.name.toLowerCase()) ? 'Doorward writes this one itself' : undefined;
}

export function sourceFault(text: string): string | undefined {
  if (text === PRIMARY_EMAIL || text.startsWith(`${CUSTOM}:`)) return undefined;
  const found = resolvePath(text, userShape);
  if (!('path' in found)) return 'problem' in found ? found.problem : 'name an attribute of the extension';
  const { attribute } = found.path;
  if (attribute.mutability !== 'readWrite' || NOT_SENT.has(attribute.name)) return 'this attribute is not sent';
  return undefined;
}

/** What is to be there, by path; undefined where the person has nothing of the kind. */
export type WantedAccount = {
  readonly userId: string;
  readonly userName: string;
  readonly values: ReadonlyMap<string, CanonicalValue | undefined>;
};

export function wantedAccountOf(user: User, mapping: Readonly<Record<string, string>>): WantedAccount {
  const values = new Map(
    Object.entries(mapping).map(([path, source]) => [path, sentValue(path, sourceValue(user, source))]),
  );
  const userName = values.get('userName');
  return { userId: user.id, userName: typeof userName === 'string' ? userName : user.userName, values };
}

function sourceValue(user: User, source: string): unknown {
  if (source === PRIMARY_EMAIL) return primaryEmail(user)?.value;
  return readPath(user, source);
}

function sentValue(path: string, value: unknown): CanonicalValue | undefined {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  if (typeof value === 'string' && LISTS.has(path)) return [{ value, type: 'work', primary: true }];
  if (Array.isArray(value)) return value.map((item) => withoutVerified(item) as CanonicalValue);
  return value as CanonicalValue;
}

/** Who proved that an address is theirs is no attribute of SCIM's. */
function withoutVerified(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([name, value]) => name !== 'verified' && value !== undefined));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of a SCIM resource. Names are compared without regard to case (RFC 7643 §2.1). */
export function readPath(resource: unknown, text: string): unknown {
  const path = parsePath(text);
  if (path === undefined) return undefined;
  const owner = path.urn === undefined ? resource : memberOf(resource, path.urn);
  const value = memberOf(owner, path.name);
  return path.sub === undefined ? value : memberOf(value, path.sub);
}

function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The body of a creation. */
export function newAccount({ userId, values }: WantedAccount): Record<string, unknown> {
  const resource: Record<string, unknown> = { externalId: userId, active: true };
  const urns = new Set<string>();
  for (const [text, value] of values) {
    const path = parsePath(text);
    if (path === undefined || value === undefined) continue;
    if (path.urn !== undefined) urns.add(path.urn);
    const owner = path.urn === undefined ? resource : inner(resource, path.urn);
    if (path.sub === undefined) owner[path.name] = value;
    else inner(owner, path.name)[path.sub] = value;
  }
  return { schemas: [userShape.schema.id, ...urns], ...resource };
}

function inner(owner: Record<string, unknown>, name: string): Record<string, unknown> {
  const there = owner[name];
  if (isObject(there)) return there as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  owner[name] = made;
  return made;
}

export type Difference = { readonly path: string; readonly there: unknown; readonly wanted: unknown };

/** What has to change there, by path. */
export function differences(remote: unknown, { userId, values }: WantedAccount): readonly Difference[] {
  const wanted: readonly (readonly [string, unknown])[] = [...values, ['externalId', userId], ['active', true]];
  return wanted.flatMap(([path, value]) => {
    const there = readPath(remote, path);
    // RFC 7643 §2.5: nothing, null and an empty list are one. §4.1.1: user names are compared without regard to case.
    const isSame = path === 'userName' ? sameText(there, value) : covers(isNothing(there) ? undefined : there, value);
    return isSame ? [] : [{ path, there, wanted: value }];
  });
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const sameText = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();

/** The other side may say more of a value than it was told. */
function covers(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((item) => there.some((one) => covers(one, item)))
    );
  if (isObject(wanted))
    return isObject(there) && Object.entries(wanted).every(([name, value]) => covers(memberOf(there, name), value));
  // RFC 7643 §2.4: `primary` is false when it is not there.
  if (wanted === false) return there === false || there === undefined;
  return isDeepStrictEqual(there, wanted);
}

export const digestOfAccount = (account: WantedAccount): Buffer =>
  createHash('sha256')
    .update(canonicalJson(newAccount(account) as { readonly [name: string]: CanonicalValue }))
    .digest();
