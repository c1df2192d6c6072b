import { StartRefused } from '../kernel/start-refused.ts';
import { asJson, type Command, isSet } from './command.ts';
import { checkClock, checkDatabase, checkKeys, checkMigrations, checkPooler } from './doctor-database.ts';
import { checkFiles } from './doctor-files.ts';
import { checkDisk, checkIssuer, checkTls } from './doctor-host.ts';
import { checkMail } from './doctor-mail.ts';
import { type Finding, worst } from './finding.ts';
import { withInstallation } from './open-installation.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[--json]',
  summary:
    'Look at settings, database, keys, issuer, clock, certificate, disk, mail and files of your own; exit code 1 when something is broken',
  options: { json: { type: 'boolean' } },
  async run(invocation) {
    const { configuration, say, values } = invocation;
    const settings = configuration();
    const findings: Finding[] = [
      { check: 'settings', state: 'ok', detail: `${settings.mode} mode, issuer ${settings.issuer}` },
      ...(await databaseFindings(invocation)),
      await checkIssuer(settings),
      ...(await checkTls(settings)),
      ...(await checkDisk(settings)),
      await checkMail(settings),
      ...(await checkFiles(settings)),
    ];
    if (isSet(values.json)) await say(asJson(findings));
    else for (const { state, check, detail } of findings) await say(`${state.padEnd(4)}  ${check}: ${detail}`);
    return worst(findings) === 'fail' ? 1 : 0;
  },
};

async function databaseFindings({
  configuration,
  report,
}: Parameters<typeof doctorCommand.run>[0]): Promise<Finding[]> {
  const settings = configuration();
  try {
    return await withInstallation(
      { configuration: settings, command: 'doctor', schema: 'any', report },
      async (installation) => [
        await checkDatabase(installation),
        await checkMigrations(installation),
        await checkKeys(installation),
        await checkPooler(installation),
        await checkClock(installation),
      ],
    );
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [{ check: 'database', state: 'fail', detail: error.message }];
  }
}
