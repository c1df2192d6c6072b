import {
  type Attribute,
  attribute,
  commonAttributes,
  complex,
  type ResourceShape,
} from '../directory-filter/attribute.ts';
import { ENTERPRISE } from './enterprise-input.ts';

/** RFC 7643 §4.1 and §4.3 with the characteristics that hold here: what filters, SCIM and rules over people know of them. */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

const kind = attribute('type', 'What the value is for, such as work or home.');
const primary = attribute('primary', 'Whether it is the one to use where there can be only one.', { type: 'boolean' });
const display = attribute('display', 'What is shown for the value.');

const valued = (name: string, description: string, value: Partial<Attribute> = {}): Attribute =>
  complex(
    name,
    description,
    [attribute('value', 'The value itself.', { required: true, ...value }), display, kind, primary],
    {
      multiValued: true,
    },
  );

const url = { type: 'reference', referenceTypes: ['external'], caseExact: true } as const;

const reference = (name: string, description: string, referenceTypes: readonly string[]): Attribute =>
  attribute(name, description, { type: 'reference', referenceTypes, caseExact: true, mutability: 'readOnly' });

const name = complex('name', "The parts of the person's name.", [
  attribute('formatted', 'The whole name as it is shown.'),
  attribute('familyName', 'Family name.'),
  attribute('givenName', 'Given name.'),
  attribute('middleName', 'Middle names.'),
  attribute('honorificPrefix', 'A title before the name.'),
  attribute('honorificSuffix', 'What follows the name.'),
]);

const addresses = complex(
  'addresses',
  'Postal addresses.',
  [
    attribute('formatted', 'The whole address as it is shown.'),
    attribute('streetAddress', 'Street, house number and the like.'),
    attribute('locality', 'City.'),
    attribute('region', 'State or region.'),
    attribute('postalCode', 'Postal code.'),
    attribute('country', 'Country.'),
    kind,
    primary,
  ],
  { multiValued: true },
);

const groups = complex(
  'groups',
  'The groups the person is a direct member of; changed at the groups.',
  [
    attribute('value', 'Id of the group.', { caseExact: true, mutability: 'readOnly' }),
    reference('$ref', 'Address of the group.', ['Group']),
    attribute('display', 'Name of the group.', { mutability: 'readOnly' }),
    attribute('type', 'How the person came into it.', { mutability: 'readOnly', canonicalValues: ['direct'] }),
  ],
  { multiValued: true, mutability: 'readOnly' },
);

const roles = complex(
  'roles',
  'The roles of the person in force now, through groups and inherited ones too; assigned in the admin API.',
  [attribute('value', 'Name of the role.', { caseExact: true, mutability: 'readOnly' })],
  { multiValued: true, mutability: 'readOnly', returned: 'request' },
);

const manager = complex('manager', 'The person they report to.', [
  attribute('value', 'Id of the manager.', { caseExact: true }),
  { ...reference('$ref', 'Address of the manager; `value` decides.', ['User']), mutability: 'readWrite' },
  attribute('displayName', 'What the manager is called.', { mutability: 'readOnly' }),
]);

export const userShape: ResourceShape = {
  name: 'User',
  common: commonAttributes,
  schema: {
    id: USER_SCHEMA,
    name: 'User',
    description: 'A person.',
    attributes: [
      attribute('userName', 'What the person signs in with.', { required: true, uniqueness: 'server' }),
      name,
      attribute('displayName', 'What the person is called.'),
      attribute('nickName', 'What friends call the person.'),
      attribute('profileUrl', 'A page about the person.', url),
      attribute('title', "The person's title in their organization."),
      attribute('userType', 'How the person belongs to the organization: Employee, Contractor and the like.'),
      attribute('preferredLanguage', 'Languages, as in an Accept-Language header (RFC 9110 §12.5.4).', {
        canonicalValues: ['en', 'de-DE, en;q=0.8', 'fr'],
      }),
      attribute('locale', 'A language tag (RFC 5646).', { canonicalValues: ['en-GB', 'en-US', 'de-DE', 'fr-FR'] }),
      attribute('timezone', 'A time zone of the IANA database.', {
        canonicalValues: ['Etc/UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'],
      }),
      attribute('active', 'Whether the person may use their account; false ends all their access at once.', {
        type: 'boolean',
      }),
      attribute('password', 'Taken, never shown.', { caseExact: true, mutability: 'writeOnly', returned: 'never' }),
      valued('emails', 'E-mail addresses.'),
      valued('phoneNumbers', 'Telephone numbers.'),
      valued('ims', 'Instant messaging addresses.'),
      valued('photos', 'Pictures of the person.', url),
      addresses,
      groups,
      valued('entitlements', 'What the person is entitled to, in words of the organization.'),
      roles,
      valued('x509Certificates', 'Certificates, DER in base64.', { type: 'binary', caseExact: true }),
    ],
  },
  extensions: [
    {
      id: ENTERPRISE,
      name: 'EnterpriseUser',
      description: 'What an organization knows of its people.',
      attributes: [
        attribute('employeeNumber', 'The number the organization gave them.'),
        attribute('costCenter', 'Cost center.'),
        attribute('organization', 'Organization.'),
        attribute('division', 'Division.'),
        attribute('department', 'Department.'),
        manager,
      ],
    },
  ],
};
