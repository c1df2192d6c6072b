import { setPasswordUrl } from '../domain/credentials/set-password-url.ts';
import { offerSetPasswordLink, resetPassword } from '../domain/lifecycle/reset-password.ts';
import { operatorActor } from '../kernel/actor.ts';
import { argument, type Command, isSet } from './command.ts';
import { withInstallation } from './open-installation.ts';
import { preparePassword, readPassword } from './passwords.ts';
import { personNamed } from './users.ts';

const actor = operatorActor('users reset-password');

export const usersResetPasswordCommand: Command = {
  name: 'users reset-password',
  usage: 'USERNAME [--password-stdin]',
  summary: 'Print a one-time link with which a person sets a new password, or set it from standard input',
  arguments: ['USERNAME'],
  options: { 'password-stdin': { type: 'boolean' } },
  async run(invocation) {
    const { values, configuration, say, report } = invocation;
    const name = argument(invocation, 0);
    const password = isSet(values['password-stdin']) ? await readPassword(invocation) : undefined;
    const settings = configuration();
    return withInstallation(
      { configuration: settings, command: 'users reset-password', schema: 'check', report },
      async (installation) => {
        const { read, transact, hashing } = installation;
        const user = await personNamed(read, name);
        if (password !== undefined) {
          const hash = await preparePassword(password, user, hashing);
          await transact(actor, (tx) => resetPassword(tx, { userId: user.id, hash }));
          await say(`${user.userName} has the new password; every session they had has ended.`);
          return 0;
        }
        const { token, expiresAt } = await transact(actor, (tx) => offerSetPasswordLink(tx, { userId: user.id }));
        await say(setPasswordUrl(settings.issuer, token));
        report(`Valid once, until ${expiresAt.toISOString()}. Whoever opens it can sign in as ${user.userName}.`);
        if (!user.active) report(`${user.userName} is not active and cannot sign in before doorward users enable.`);
        return 0;
      },
    );
  },
};
