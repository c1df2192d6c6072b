import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { ENTERPRISE, enterpriseInput } from '../users/enterprise-input.ts';
import { type FileShape, resolveColumn } from './columns.ts';
import { namedBy } from './ldif-entry.ts';

/** Attributes of inetOrgPerson (RFC 2798) and its parents. */
const ATTRIBUTES: FileShape['ldif']['attributes'] = {
  uid: 'userName',
  entryuuid: 'externalId',
  cn: 'name.formatted',
  sn: 'name.familyName',
  givenname: 'name.givenName',
  displayname: 'displayName',
  title: 'title',
  mail: 'emails[].value',
  telephonenumber: 'phoneNumbers[].value',
  employeenumber: 'employeeNumber',
  employeetype: 'userType',
  departmentnumber: 'department',
  o: 'organization',
  preferredlanguage: 'preferredLanguage',
  labeleduri: 'profileUrl',
  userpassword: 'passwordHash',
  memberof: 'groups',
};

const CLASSES = new Set(['person', 'organizationalperson', 'inetorgperson', 'account', 'posixaccount', 'user']);
const SHORT_NAMES = Object.keys(enterpriseInput.shape);

/** With the attributes that the operator defined. */
export const shapeOfPeople = (definitions: readonly UserAttribute[]): FileShape => ({
  noun: 'a person',
  resolve: (name) => resolveColumn(name, definitions),
  fromJson: withLongNames,
  ldif: {
    classes: CLASSES,
    attributes: ATTRIBUTES,
    textOf: (column, text) => (column === 'groups' ? (namedBy('cn', text) ?? text) : text),
  },
});

/** Enterprise attributes may stand beside the others. */
function withLongNames(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value);
  const short = entries.filter(([name]) => SHORT_NAMES.includes(name));
  if (short.length === 0) return value;
  const rest = Object.fromEntries(entries.filter(([name]) => !SHORT_NAMES.includes(name)));
  return { ...rest, [ENTERPRISE]: { ...Object(rest[ENTERPRISE]), ...Object.fromEntries(short) } };
}
