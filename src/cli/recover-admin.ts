import { setPasswordUrl } from '../domain/credentials/set-password-url.ts';
import { recoverAdministrator } from '../domain/lifecycle/recover-administrator.ts';
import { operatorActor } from '../kernel/actor.ts';
import { argument, type Command, textOf } from './command.ts';
import { personNamed } from './named.ts';
import { workOn } from './work-on.ts';

export const recoverAdminCommand: Command = {
  name: 'users recover-admin',
  usage: 'USERNAME [--reason TEXT]',
  summary: 'In an emergency: let a person back in as an administrator, and print a one-time link for a new password',
  details: ['  It stands in the audit log as administrators.recovered, and every other administrator is told by mail.'],
  arguments: ['USERNAME'],
  options: { reason: { type: 'string' } },
  async run(invocation) {
    const { values, configuration, say, report } = invocation;
    const { issuer } = configuration();
    return workOn(invocation, 'users recover-admin', async ({ read, transact }) => {
      const { id: userId, userName } = await personNamed(read, argument(invocation, 0));
      const reason = textOf(values.reason);
      const { link, wasReopened, gotRole, told } = await transact(operatorActor('users recover-admin'), (tx) =>
        recoverAdministrator(tx, { userId, reason }),
      );
      if (wasReopened) report(`${userName} is let in again, without an end.`);
      report(
        gotRole ? `${userName} has the role administrator now.` : `${userName} has the role administrator already.`,
      );
      await say(setPasswordUrl(issuer, link.token));
      report(`Valid once, until ${link.expiresAt.toISOString()}. Whoever opens it can sign in as ${userName}.`);
      report(
        told === 0
          ? 'There is no other administrator to tell.'
          : `${told} other ${told === 1 ? 'administrator is' : 'administrators are'} told by mail.`,
      );
      return 0;
    });
  },
};
