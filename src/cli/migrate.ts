import { prepareInstallation } from '../domain/lifecycle/prepare-installation.ts';
import { operatorActor } from '../kernel/actor.ts';
import { migrate } from '../persistence/migrate.ts';
import type { Command } from './command.ts';
import { withInstallation } from './open-installation.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: "Bring the database's schema to this version; a server does so by itself when it starts",
  async run({ configuration, say, report }) {
    const settings = configuration();
    await withInstallation(
      { configuration: settings, command: 'migrate', schema: 'any', report },
      async (installation) => {
        const ran = await migrate(installation.dataSource, () => undefined);
        await installation.transact(operatorActor('migrate'), (tx) => prepareInstallation(tx, settings));
        for (const name of ran) await say(`ran ${name}`);
        await say(ran.length === 0 ? 'The database is up to date.' : 'The database is up to date now.');
      },
    );
    return 0;
  },
};
