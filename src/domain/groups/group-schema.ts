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
    description: 'A named set of people, and of groups whose people belong to it as well.',
    attributes: [
      attribute('displayName', 'The name of the group.', { required: true, uniqueness: 'server' }),
      complex(
        'members',
        'Who is in it.',
        [
          attribute('value', 'Id of the person or group.', {
            required: true,
            caseExact: true,
            mutability: 'immutable',
          }),
          attribute('$ref', 'Address of the person or group.', {
            type: 'reference',
            referenceTypes: ['User', 'Group'],
            caseExact: true,
            mutability: 'immutable',
          }),
          attribute('display', 'What the person or group is called.', { mutability: 'readOnly', returned: 'request' }),
          attribute('type', 'What kind of member it is; found out when it is not said.', {
            mutability: 'immutable',
            canonicalValues: ['User', 'Group'],
          }),
        ],
        { multiValued: true },
      ),
    ],
  },
  extensions: [],
};

/** Direct members of both kinds. A condition on one of the columns is answered by the index of each table. */
export const MEMBERSHIPS = /* sql */ `(
  SELECT group_id, user_id AS value, 'User' AS type FROM group_members
  UNION ALL SELECT group_id, included_group_id, 'Group' FROM group_inclusions)`;

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
    some: (condition) => `g.id IN (SELECT m.group_id FROM ${MEMBERSHIPS} m WHERE ${condition})`,
    values: {
      value: { kind: 'uuid', sql: 'm.value' },
      display:
        text(`CASE m.type WHEN 'User' THEN (SELECT coalesce(p.display_name, p.user_name) FROM users p WHERE p.id = m.value)
        ELSE (SELECT inner_group.display_name FROM groups inner_group WHERE inner_group.id = m.value) END`),
      type: text('m.type', 'lower(m.type)'),
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
