import { setTimeout as pause } from 'node:timers/promises';
import { findProvisioningTarget, listProvisioningTargets } from '../domain/provisioning/provisioning-target.ts';
import {
  FINDING_KINDS,
  getReconciliation,
  type Reconciliation,
  searchFindings,
} from '../domain/provisioning/reconciliation.ts';
import { startReconciliation } from '../domain/provisioning/start-reconciliation.ts';
import { operatorActor } from '../kernel/actor.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { argument, asJson, type Command, CommandFailed, type Invocation, isSet, jsonOption } from './command.ts';
import { everyPage } from './every-page.ts';
import { progressLine } from './progress-line.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'provisioning list',
  usage: '[--json]',
  summary: 'List the applications in which people get accounts over SCIM',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'provisioning list', async ({ read }) => {
      // Without the envelope of the secret.
      const targets = (await listProvisioningTargets(read)).map(({ secretEnvelope: _, ...target }) => target);
      await showTable(invocation, targets, [
        ['ID', ({ id }) => id],
        ['NAME', ({ name }) => name],
        ['ADDRESS', ({ baseUrl }) => baseUrl],
        ['STATE', ({ state }) => state],
      ]);
      return 0;
    }),
};

const reconcile: Command = {
  name: 'provisioning reconcile',
  usage: 'ID [--dry-run] [--json]',
  summary: 'Compare all accounts of an application with who is to have one there, and correct what differs',
  details: [
    '  --dry-run  report, and change nothing',
    '  A running server does it; this command starts it and waits. Orphans, accounts there that nobody here owns, are',
    '  reported and never touched. Exit code 1 when the accounts could not all be read.',
  ],
  arguments: ['ID'],
  options: { 'dry-run': { type: 'boolean' }, ...jsonOption },
  run: (invocation) =>
    workOn(invocation, 'provisioning reconcile', async ({ read, transact }) => {
      const target = await findProvisioningTarget(read, argument(invocation, 0));
      if (target === undefined)
        throw new CommandFailed('There is no such target; doorward provisioning list shows them.');
      const dryRun = isSet(invocation.values['dry-run']);
      const { id } = await transact(operatorActor('provisioning reconcile'), (tx) =>
        startReconciliation(tx, { targetId: target.id, dryRun }),
      );
      const ended = await untilEnded(invocation, read, id);
      await tell(invocation, read, ended);
      return ended.state === 'completed' ? 0 : 1;
    }),
};

const LOOK_EVERY_MS = 250;
const NOBODY_BEGINS_AFTER_MS = 30_000;

async function untilEnded({ terminal }: Invocation, read: Reader, id: string): Promise<Reconciliation> {
  const begun = performance.now();
  let progress: ReturnType<typeof progressLine> | undefined;
  let done = 0;
  try {
    for (;;) {
      const now = await getReconciliation(read, id);
      if (now.state !== 'running') return now;
      if (now.accountsTotal !== null) {
        done = now.accountsRead;
        progress ??= progressLine(terminal, { size: now.accountsTotal, done: () => done });
        progress.show(done);
      }
      if (terminal.signal.aborted) throw new CommandFailed(`No longer waiting; the reconciliation ${id} goes on.`);
      if (now.accountsTotal === null && performance.now() - begun > NOBODY_BEGINS_AFTER_MS)
        throw new CommandFailed(
          `Nothing was read within ${NOBODY_BEGINS_AFTER_MS / 1000} seconds: no server runs, or the application does not answer. The reconciliation ${id} waits.`,
        );
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress?.end();
  }
}

async function tell(invocation: Invocation, read: Reader, ended: Reconciliation): Promise<void> {
  const findings = await everyPage((page) => searchFindings(read, { ...page, reconciliationId: ended.id }));
  if (invocation.values.json === true) return invocation.say(asJson({ ...ended, findings }));
  if (ended.state === 'failed') await invocation.say(`The accounts could not all be read: ${ended.error}.`);
  const { matched = 0 } = ended.counts;
  const sums = FINDING_KINDS.map((kind) => `${ended.counts[kind] ?? 0} ${kind}`).join(', ');
  await invocation.say(`${ended.accountsRead} accounts read, ${matched} as they are to be, ${sums}.`);
  if (findings.length === 0) return;
  await showTable(invocation, findings, [
    ['FOUND', ({ kind }) => kind],
    ['PERSON', ({ userId }) => userId],
    ['ACCOUNT', ({ remoteId }) => remoteId],
    ['USER NAME THERE', ({ remoteUserName }) => remoteUserName],
    ['DIFFERS', ({ attributes }) => attributes.join(', ')],
  ]);
}

export const provisioningCommands: readonly Command[] = [list, reconcile];
