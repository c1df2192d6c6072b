import { bringBackUser } from '../domain/lifecycle/bring-back-user.ts';
import { purgeUser } from '../domain/lifecycle/purge-user.ts';
import { removeUser } from '../domain/lifecycle/remove-user.ts';
import { getDeletedUser, searchDeletedUsers } from '../domain/users/deleted-user.ts';
import { operatorActor } from '../kernel/actor.ts';
import { argument, type Command, type Invocation, isSet, jsonOption, UsageError } from './command.ts';
import { everyPage } from './every-page.ts';
import { personNamed } from './named.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const DAY_MS = 86_400_000;

/** Whoever was deleted earlier can no longer be restored. */
const sinceWhen = (invocation: Invocation): Date =>
  new Date(Date.now() - invocation.configuration().deletedUserRetentionDays * DAY_MS);

const remove: Command = {
  name: 'users delete',
  usage: 'USERNAME',
  summary: 'Delete a person: every access of theirs ends; they can be restored for some time',
  arguments: ['USERNAME'],
  run: (invocation) =>
    workOn(invocation, 'users delete', async ({ read, transact }) => {
      const { id, userName } = await personNamed(read, argument(invocation, 0));
      await transact(operatorActor('users delete'), (tx) => removeUser(tx, { userId: id }));
      await invocation.say(`${userName} is deleted; to bring them back: doorward users restore ${userName}`);
      return 0;
    }),
};

const deleted: Command = {
  name: 'users deleted',
  usage: '[--json]',
  summary: 'List people who were deleted and can be restored',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'users deleted', async ({ read }) => {
      const since = sinceWhen(invocation);
      const users = await everyPage((page) => searchDeletedUsers(read, { since, ...page }));
      await showTable(invocation, users, [
        ['USERNAME', ({ userName }) => userName],
        ['DELETED', ({ deletedAt }) => deletedAt],
        ['ID', ({ id }) => id],
      ]);
      return 0;
    }),
};

const restore: Command = {
  name: 'users restore',
  usage: 'USERNAME|ID',
  summary: 'Restore a deleted person: inactive, without password, groups and roles',
  arguments: ['USERNAME|ID'],
  run: (invocation) =>
    workOn(invocation, 'users restore', async ({ read, transact }) => {
      const since = sinceWhen(invocation);
      const { id, userName } = await getDeletedUser(read, { name: argument(invocation, 0), since });
      await transact(operatorActor('users restore'), (tx) => bringBackUser(tx, { id, since }));
      await invocation.say(`${userName} is there again (${id}), and inactive: doorward users enable ${userName}`);
      return 0;
    }),
};

const erase: Command = {
  name: 'users erase',
  usage: 'USERNAME|ID --yes',
  summary: 'Erase a deleted person for ever, with what the audit log says of them',
  arguments: ['USERNAME|ID'],
  options: { yes: { type: 'boolean' } },
  async run(invocation) {
    if (!isSet(invocation.values.yes)) throw new UsageError('Nothing brings an erased person back: say --yes.');
    return workOn(invocation, 'users erase', async ({ read, transact }) => {
      const { id, userName } = await getDeletedUser(read, {
        name: argument(invocation, 0),
        since: sinceWhen(invocation),
      });
      await transact(operatorActor('users erase'), (tx) => purgeUser(tx, { id }));
      await invocation.say(`${userName} is erased; the audit log knows them as ${id} alone.`);
      return 0;
    });
  },
};

export const deletedUserCommands: readonly Command[] = [remove, deleted, restore, erase];
