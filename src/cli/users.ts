import { assignRole } from '../domain/access/assign-role.ts';
import { searchRoleAssignments } from '../domain/access/role-assignment.ts';
import { setPasswordUrl } from '../domain/credentials/set-password-url.ts';
import { searchGroups } from '../domain/groups/search-groups.ts';
import { admitUser } from '../domain/lifecycle/admit-user.ts';
import { amendUser } from '../domain/lifecycle/amend-user.ts';
import { deactivateUser } from '../domain/lifecycle/deactivate-user.ts';
import { fillGroup } from '../domain/lifecycle/fill-group.ts';
import { offerSetPasswordLink, resetPassword } from '../domain/lifecycle/reset-password.ts';
import { searchUsers } from '../domain/users/search-users.ts';
import { isPersonInForce, statusAt } from '../domain/users/standing.ts';
import type { User } from '../domain/users/user.ts';
import { userInput } from '../domain/users/user-input.ts';
import { operatorActor } from '../kernel/actor.ts';
import { parseInput } from '../kernel/input.ts';
import { argument, asJson, type Command, type Invocation, isSet, jsonOption, textOf, textsOf } from './command.ts';
import { everyPage } from './every-page.ts';
import { groupNamed, personNamed, roleNamed } from './named.ts';
import { preparePassword, readPassword } from './passwords.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'users list',
  usage: '[--json]',
  summary: 'List people',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'users list', async ({ read }) => {
      const at = new Date();
      const users = await everyPage((page) => searchUsers(read, { filters: {}, at, ...page }));
      await showTable(
        invocation,
        users.map((user) => present(user, at)),
        [
          ['USERNAME', ({ userName }) => userName],
          ['NAME', nameOf],
          ['ACTIVE', ({ active }) => (active ? 'yes' : 'no')],
          ['STATUS', ({ status }) => status],
          ['ID', ({ id }) => id],
        ],
      );
      return 0;
    }),
};

/** With what is true of them at the moment. */
const present = (user: User, at: Date) => ({ ...user, active: isPersonInForce(user, at), status: statusAt(user, at) });

const nameOf = ({ displayName, name }: User): string =>
  displayName ?? name?.formatted ?? [name?.givenName, name?.familyName].filter((part) => part !== undefined).join(' ');

const show: Command = {
  name: 'users show',
  usage: 'USERNAME',
  summary: 'Show a person with their groups and roles, as JSON',
  arguments: ['USERNAME'],
  run: (invocation) =>
    workOn(invocation, 'users show', async ({ read }) => {
      const user = await personNamed(read, argument(invocation, 0));
      const groups = await everyPage((page) => searchGroups(read, { filters: { userId: user.id }, ...page }));
      const roles = await everyPage((page) => searchRoleAssignments(read, { filters: { userId: user.id }, ...page }));
      const names = await read.query<{ id: string; name: string }>(
        'SELECT id, name FROM roles WHERE id = ANY ($1::uuid[])',
        [roles.map(({ roleId }) => roleId)],
      );
      const nameOfRole = new Map(names.map(({ id, name }) => [id, name]));
      await invocation.say(
        asJson({
          ...present(user, new Date()),
          groups: groups.map(({ displayName }) => displayName),
          roles: roles.map(({ roleId, startsAt, endsAt, reason }) => ({
            role: nameOfRole.get(roleId),
            startsAt,
            endsAt,
            reason,
          })),
        }),
      );
      return 0;
    }),
};

const create: Command = {
  name: 'users create',
  usage:
    'USERNAME [--email ADDRESS] [--given-name NAME] [--family-name NAME] [--display-name NAME] [--role ROLE] [--group GROUP] [--password-stdin]',
  summary: 'Create a person; without a password, print the one-time link with which they set one',
  details: ['  --role and --group may be given several times.'],
  arguments: ['USERNAME'],
  options: {
    email: { type: 'string' },
    'given-name': { type: 'string' },
    'family-name': { type: 'string' },
    'display-name': { type: 'string' },
    role: { type: 'string', multiple: true },
    group: { type: 'string', multiple: true },
    'password-stdin': { type: 'boolean' },
  },
  async run(invocation) {
    const { values, configuration, say, report } = invocation;
    const input = parseInput(userInput, attributesOf(invocation), 'users.invalid');
    const password = isSet(values['password-stdin']) ? await readPassword(invocation) : undefined;
    const { issuer } = configuration();
    return workOn(
      invocation,
      'users create',
      async (installation) => {
        const { read, transact } = installation;
        const roles = await Promise.all(textsOf(values.role).map((name) => roleNamed(read, name)));
        const groups = await Promise.all(textsOf(values.group).map((name) => groupNamed(read, name)));
        const passwordHash = password === undefined ? undefined : await preparePassword(password, input, installation);
        const { user, link } = await transact(operatorActor('users create'), async (tx) => {
          const created = await admitUser(tx, { input, passwordHash });
          for (const { id } of roles) await assignRole(tx, { roleId: id, userId: created.id });
          for (const { id } of groups) await fillGroup(tx, { groupId: id, userIds: [created.id] });
          const offered =
            passwordHash === undefined ? await offerSetPasswordLink(tx, { userId: created.id }) : undefined;
          return { user: created, link: offered };
        });
        report(`Created ${user.userName} (${user.id}).`);
        if (link === undefined) return 0;
        await say(setPasswordUrl(issuer, link.token));
        report(`Valid once, until ${link.expiresAt.toISOString()}: hand it to ${user.userName} alone.`);
        return 0;
      },
      'migrate',
    );
  },
};

function attributesOf(invocation: Invocation): object {
  const { values } = invocation;
  const [email, givenName, familyName, displayName] = ['email', 'given-name', 'family-name', 'display-name'].map(
    (name) => textOf(values[name]),
  );
  const name = {
    ...(givenName === undefined ? {} : { givenName }),
    ...(familyName === undefined ? {} : { familyName }),
  };
  return {
    userName: argument(invocation, 0),
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { emails: [{ value: email, primary: true }] }),
  };
}

const disable: Command = {
  name: 'users disable',
  usage: 'USERNAME [--reason TEXT]',
  summary: 'Deactivate a person: every session, token and grant of theirs ends',
  arguments: ['USERNAME'],
  options: { reason: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'users disable', async ({ read, transact }) => {
      const user = await personNamed(read, argument(invocation, 0));
      const reason = textOf(invocation.values.reason);
      await transact(operatorActor('users disable'), (tx) => deactivateUser(tx, { userId: user.id, reason }));
      await invocation.say(
        `${user.userName} is not active ${isPersonInForce(user, new Date()) ? 'any more; all their access has ended' : 'and was not before'}.`,
      );
      return 0;
    }),
};

const suspend: Command = {
  name: 'users suspend',
  usage: 'USERNAME [--reason TEXT]',
  summary: 'Keep a person out for a while: every session, token and grant of theirs ends',
  arguments: ['USERNAME'],
  options: { reason: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'users suspend', async ({ read, transact }) => {
      const { id, userName } = await personNamed(read, argument(invocation, 0));
      const reason = textOf(invocation.values.reason);
      await transact(operatorActor('users suspend'), (tx) =>
        deactivateUser(tx, { userId: id, to: 'suspended', reason }),
      );
      await invocation.say(`${userName} is suspended; to let them in again: doorward users enable ${userName}`);
      return 0;
    }),
};

const enable: Command = {
  name: 'users enable',
  usage: 'USERNAME',
  summary: 'Make a person active again; what had ended stays ended',
  arguments: ['USERNAME'],
  run: (invocation) =>
    workOn(invocation, 'users enable', async ({ read, transact }) => {
      const user = await personNamed(read, argument(invocation, 0));
      await transact(operatorActor('users enable'), (tx) => amendUser(tx, { id: user.id, patch: { active: true } }));
      await invocation.say(`${user.userName} is active.`);
      return 0;
    }),
};

const resetPasswordCommand: Command = {
  name: 'users reset-password',
  usage: 'USERNAME [--password-stdin]',
  summary: 'Print a one-time link with which a person sets a new password, or set it from standard input',
  arguments: ['USERNAME'],
  options: { 'password-stdin': { type: 'boolean' } },
  async run(invocation) {
    const { values, configuration, say, report } = invocation;
    const password = isSet(values['password-stdin']) ? await readPassword(invocation) : undefined;
    const actor = operatorActor('users reset-password');
    const { issuer } = configuration();
    return workOn(invocation, 'users reset-password', async (installation) => {
      const { read, transact } = installation;
      const user = await personNamed(read, argument(invocation, 0));
      if (password !== undefined) {
        const hash = await preparePassword(password, user, installation);
        await transact(actor, (tx) => resetPassword(tx, { userId: user.id, hash }));
        await say(`${user.userName} has the new password; every session they had has ended.`);
        return 0;
      }
      const { token, expiresAt } = await transact(actor, (tx) => offerSetPasswordLink(tx, { userId: user.id }));
      await say(setPasswordUrl(issuer, token));
      report(`Valid once, until ${expiresAt.toISOString()}. Whoever opens it can sign in as ${user.userName}.`);
      if (!isPersonInForce(user, new Date()))
        report(`${user.userName} is not active and cannot sign in before doorward users enable.`);
      return 0;
    });
  },
};

export const userCommands: readonly Command[] = [list, show, create, disable, suspend, enable, resetPasswordCommand];
