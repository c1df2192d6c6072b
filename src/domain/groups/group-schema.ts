import { attribute, commonAttributes, complex, type ResourceShape } from '../directory-filter/attribute.ts';
import { type Columns, text } from '../directory-filter/columns.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** RFC 7643 §4.2 with the characteristics that hold here. */
export const groupShape: ResourceShape = {
  name: 'Group',
  common: commonAttributes,
  schema: {
    id: GROUP_SCHEMA,
    name: 'Group',
    description: 'A named set of people.',
    attributes: [
      attribute('displayName', 'The name of the group.', { required: true, uniqueness: 'server' }),
      complex(
        'members',
        'Who is in it.',
        [
          attribute('value', 'Id of the person.', { required: true, caseExact: true, mutability: 'immutable' }),
          attribute('$ref', 'Address of the person.', {
            type: 'reference',
            referenceTypes: ['User'],
            caseExact: true,
            mutability: 'immutable',
          }),
          attribute('display', 'What the person is called.', { mutability: 'readOnly', returned: 'request' }),
          attribute('type', 'What kind of member it is.', { mutability: 'immutable', canonicalValues: ['User'] }),
        ],
        { multiValued: true },
      ),
    ],
  },
  extensions: [],
};

/** Where the attributes of {@link groupShape} are kept; `g` is the groups table, `m` the memberships. */
export const groupColumns: Columns = {
  id: { kind: 'uuid', sql: 'g.id' },
  externalId: text('g.external_id'),
  'meta.resourceType': { kind: 'constant', value: 'Group' },
  'meta.created': { kind: 'time', sql: 'g.created_at' },
  'meta.lastModified': { kind: 'time', sql: 'g.updated_at' },
  'meta.version': text(`'W/"' || g.version || '"'`),
  displayName: text('g.display_name', 'g.display_name_key'),
  members: {
    kind: 'many',
    some: (condition) => `g.id IN (SELECT m.group_id FROM group_members m WHERE ${condition})`,
    values: {
      value: { kind: 'uuid', sql: 'm.user_id' },
      display: text('(SELECT coalesce(p.display_name, p.user_name) FROM users p WHERE p.id = m.user_id)'),
      type: { kind: 'constant', value: 'User' },
    },
  },
};

/** The groups of a person (`u` is the users table), as the read-only attribute of theirs. */
export const groupsOfUser: Columns = {
  groups: {
    kind: 'many',
    some: (condition) =>
      `u.id IN (SELECT m.user_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE ${condition})`,
    values: {
      value: { kind: 'uuid', sql: 'g.id' },
      display: text('g.display_name', 'g.display_name_key'),
      type: { kind: 'constant', value: 'direct' },
    },
  },
};
