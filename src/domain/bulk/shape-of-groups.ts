import type { Column, FileShape } from './columns.ts';
import { namedBy } from './ldif-entry.ts';

const column = (name: string, kind: Column['kind']): Column => ({ steps: [name], kind });
const COLUMNS = new Map(
  [
    column('displayName', 'text'),
    column('externalId', 'text'),
    column('membershipRule', 'text'),
    column('members', 'list'),
    column('groups', 'list'),
  ].map((one) => [String(one.steps[0]), one]),
);

/** In LDIF groupOfNames and its kin (RFC 4519 §3.5, RFC 2307): members named by uid are people, by cn groups. */
export const SHAPE_OF_GROUPS: FileShape = {
  noun: 'a group',
  resolve: (name) => COLUMNS.get(name),
  ldif: {
    classes: new Set(['groupofnames', 'groupofuniquenames', 'posixgroup', 'group']),
    attributes: {
      cn: 'displayName',
      entryuuid: 'externalId',
      person: 'members',
      memberuid: 'members',
      group: 'groups',
    },
    nameOf: (attribute, text) =>
      /^(?:unique)?member$/.test(attribute) ? (namedBy('cn', text) === undefined ? 'person' : 'group') : attribute,
    textOf: (target, text) => (target === 'groups' ? namedBy('cn', text) : namedBy('uid', text)) ?? text,
  },
};
