import { assignRole } from '../domain/access/assign-role.ts';
import { removeRoleAssignment } from '../domain/access/remove-role-assignment.ts';
import { searchRoleAssignments } from '../domain/access/role-assignment.ts';
import { roleAssignmentInput } from '../domain/access/role-assignment-input.ts';
import { searchRoles } from '../domain/access/search-roles.ts';
import { getRegisteredClient } from '../domain/clients/registered-client.ts';
import { operatorActor } from '../kernel/actor.ts';
import { parseInput } from '../kernel/input.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { argument, type Command, CommandFailed, jsonOption, textOf, UsageError, type Values } from './command.ts';
import { everyPage } from './every-page.ts';
import { groupNamed, personNamed, roleNamed } from './named.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'roles list',
  usage: '[--json]',
  summary: 'List roles, what they permit and what they inherit',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'roles list', async ({ read }) => {
      const roles = await everyPage((page) => searchRoles(read, page));
      await showTable(invocation, roles, [
        ['ROLE', ({ name }) => name],
        ['INHERITS', ({ inherits }) => inherits.join(', ')],
        [
          'PERMISSIONS',
          ({ permissions }) => permissions.map(({ resource, values }) => `${resource}: ${values.join(' ')}`).join('; '),
        ],
      ]);
      return 0;
    }),
};

const subjectOptions = { user: { type: 'string' }, group: { type: 'string' }, client: { type: 'string' } } as const;
const SUBJECTS = '--user USERNAME | --group GROUP | --client CLIENT_ID';

async function subjectOf(read: Reader, values: Values) {
  const [user, group, client] = [values.user, values.group, values.client].map(textOf);
  if ([user, group, client].filter((name) => name !== undefined).length !== 1)
    throw new UsageError('Say whose role it is with exactly one of --user, --group and --client.');
  if (user !== undefined) return { name: user, ids: { userId: (await personNamed(read, user)).id } };
  if (group !== undefined) return { name: `group ${group}`, ids: { groupId: (await groupNamed(read, group)).id } };
  const { clientId } = await getRegisteredClient(read, client ?? '');
  return { name: `client ${clientId}`, ids: { clientId } };
}

const assign: Command = {
  name: 'roles assign',
  usage: `ROLE ${SUBJECTS} [--starts-at TIME] [--ends-at TIME] [--reason TEXT]`,
  summary: 'Give a role to a person, a group or a client',
  arguments: ['ROLE'],
  options: {
    ...subjectOptions,
    'starts-at': { type: 'string' },
    'ends-at': { type: 'string' },
    reason: { type: 'string' },
  },
  run: (invocation) =>
    workOn(invocation, 'roles assign', async ({ read, transact }) => {
      const { values } = invocation;
      const role = await roleNamed(read, argument(invocation, 0));
      const { name, ids } = await subjectOf(read, values);
      const period = {
        startsAt: textOf(values['starts-at']),
        endsAt: textOf(values['ends-at']),
        reason: textOf(values.reason),
      };
      const given = Object.fromEntries(Object.entries(period).filter(([, value]) => value !== undefined));
      const input = parseInput(roleAssignmentInput, { roleId: role.id, ...ids, ...given }, 'role_assignments.invalid');
      await transact(operatorActor('roles assign'), (tx) => assignRole(tx, input));
      await invocation.say(`${name} has the role ${role.name}.`);
      return 0;
    }),
};

const unassign: Command = {
  name: 'roles unassign',
  usage: `ROLE ${SUBJECTS}`,
  summary: 'Take a role away',
  arguments: ['ROLE'],
  options: subjectOptions,
  run: (invocation) =>
    workOn(invocation, 'roles unassign', async ({ read, transact }) => {
      const role = await roleNamed(read, argument(invocation, 0));
      const { name, ids } = await subjectOf(read, invocation.values);
      const filters = { roleId: role.id, ...ids };
      const found = await everyPage((page) => searchRoleAssignments(read, { filters, ...page }));
      if (found.length === 0) throw new CommandFailed(`${name} does not have the role ${role.name}.`);
      await transact(operatorActor('roles unassign'), async (tx) => {
        for (const { id } of found) await removeRoleAssignment(tx, { id });
      });
      await invocation.say(`${name} does not have the role ${role.name} any more.`);
      return 0;
    }),
};

export const accessCommands: readonly Command[] = [list, assign, unassign];
