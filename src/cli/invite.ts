import { inviteToSignUp } from '../domain/lifecycle/sign-up.ts';
import { emailAddress } from '../domain/users/attribute-types.ts';
import { operatorActor } from '../kernel/actor.ts';
import { argument, type Command, CommandFailed } from './command.ts';
import { workOn } from './work-on.ts';

export const inviteCommand: Command = {
  name: 'users invite',
  usage: 'ADDRESS',
  summary: 'Send a link with which whoever has an e-mail address makes an account of their own',
  arguments: ['ADDRESS'],
  async run(invocation) {
    const { configuration, say } = invocation;
    const address = emailAddress.safeParse(argument(invocation, 0));
    if (!address.success) throw new CommandFailed(`${argument(invocation, 0)} is no e-mail address.`);
    if (configuration().registration === 'off')
      throw new CommandFailed('Nobody may make an account of their own: set DOORWARD_REGISTRATION=invitation.');
    return workOn(invocation, 'users invite', async ({ transact }) => {
      await transact(operatorActor('users invite'), async (tx) => inviteToSignUp(tx, address.data));
      await say(`A link is on its way to ${address.data}, as soon as a server runs.`);
      return 0;
    });
  },
};
