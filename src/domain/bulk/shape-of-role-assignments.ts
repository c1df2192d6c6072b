import type { Column, FileShape } from './columns.ts';
import { namedBy } from './ldif-entry.ts';

const column = (name: string, kind: Column['kind']): Column => ({ steps: [name], kind });
const COLUMNS = new Map(
  [
    column('role', 'text'),
    column('users', 'list'),
    column('groups', 'list'),
    column('clients', 'list'),
    column('startsAt', 'text'),
    column('endsAt', 'text'),
    column('reason', 'text'),
  ].map((one) => [String(one.steps[0]), one]),
);

/** In LDIF organizationalRole (RFC 4519 §3.9): occupants named by uid are people, by cn groups. It has no period. */
export const SHAPE_OF_ROLE_ASSIGNMENTS: FileShape = {
  noun: 'a role assignment',
  resolve: (name) => COLUMNS.get(name),
  ldif: {
    classes: new Set(['organizationalrole']),
    attributes: { cn: 'role', description: 'reason', person: 'users', group: 'groups' },
    nameOf: (attribute, text) =>
      attribute === 'roleoccupant' ? (namedBy('cn', text) === undefined ? 'person' : 'group') : attribute,
    textOf: (target, text) => (target === 'groups' ? namedBy('cn', text) : namedBy('uid', text)) ?? text,
  },
};
