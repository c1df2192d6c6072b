import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { getReceipt, searchReceipts } from '../domain/receipts/find-receipt.ts';
import { isOpenTarget, type Receipt } from '../domain/receipts/receipt.ts';
import { isSignedStatement, type SignedReceipt, signedReceipt } from '../domain/receipts/signed-receipt.ts';
import { argument, asJson, type Command, CommandFailed, type Invocation, jsonOption, textOf } from './command.ts';
import { everyPage } from './every-page.ts';
import { personNamed } from './named.ts';
import type { Installation } from './open-installation.ts';
import { showTable } from './show-table.ts';
import { verificationKeys } from './verification-keys.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'receipts list',
  usage: '[--user USERNAME] [--open] [--json]',
  summary: 'List the receipts of people whose access ended',
  details: ['  --user takes an id too, which finds the receipts of people who were deleted.'],
  options: { user: { type: 'string' }, open: { type: 'boolean' }, ...jsonOption },
  run: (invocation) =>
    workOn(invocation, 'receipts list', async ({ read }) => {
      const { values } = invocation;
      const named = textOf(values.user);
      const userId =
        named === undefined || z.uuid().safeParse(named).success ? named : (await personNamed(read, named)).id;
      const status = values.open === true ? ('open' as const) : undefined;
      const receipts = await everyPage((page) => searchReceipts(read, { userId, status, ...page }));
      await showTable(invocation, receipts, [
        ['ID', ({ id }) => id],
        ['PERSON', (receipt) => receipt.userId],
        ['CAUSE', ({ cause }) => cause],
        ['ENDED', ({ createdAt }) => createdAt],
        ['STATUS', statusOf],
      ]);
      return 0;
    }),
};

function statusOf({ targets }: Receipt): string {
  const open = targets.filter(isOpenTarget).length;
  return open === 0 ? 'complete' : `open: ${open} of ${targets.length}`;
}

const show: Command = {
  name: 'receipts show',
  usage: 'ID [--json]',
  summary: 'Show what ended with someone’s access, who was told and what they answered; --json is signed',
  arguments: ['ID'],
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'receipts show', async (installation) => {
      const receipt = await getReceipt(installation.read, argument(invocation, 0));
      if (invocation.values.json === true) {
        await invocation.say(asJson(await signed(installation, receipt)));
        return 0;
      }
      const { say } = invocation;
      await say(`Access of ${receipt.userId} ended at ${receipt.createdAt.toISOString()} (${receipt.cause}).`);
      await say(`By ${receipt.actorType} ${receipt.actorId}; ${statusOf(receipt)}.`);
      await showTable(invocation, receipt.targets, [
        ['TARGET', ({ kind, name, id }) => name ?? id ?? kind],
        ['STATE', ({ state }) => state],
        ['SENT', ({ sent }) => sent],
        [
          'ANSWER',
          ({ answerStatus, error, details }) => answerStatus ?? error ?? details.note ?? endedText(details.ended),
        ],
        ['ATTEMPTS', ({ attempts, messageId }) => (messageId === null ? '' : attempts)],
        ['LAST ATTEMPT', ({ lastAttemptAt }) => lastAttemptAt],
      ]);
      return 0;
    }),
};

const endedText = (ended: Readonly<Record<string, number>> = {}): string =>
  Object.entries(ended)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

async function signed({ configuration, keys }: Installation, receipt: Receipt): Promise<SignedReceipt> {
  const { ring } = await keys();
  return signedReceipt(receipt, { issuer: configuration.issuer, key: ring.active('EdDSA'), now: new Date() });
}

const signedShape = z.looseObject({
  id: z.string(),
  status: z.string(),
  signature: z.strictObject({ alg: z.string(), kid: z.string(), jws: z.string() }),
});

const verify: Command = {
  name: 'receipts verify',
  usage: '(ID | --file FILE)',
  summary:
    'Check the signature of a receipt, here or in a file as the admin API answered it; exit code 1 when it does not hold',
  arguments: ['ID?'],
  options: { file: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'receipts verify', async (installation) => {
      const receipt = await receiptToVerify(invocation, installation);
      if (await isSignedStatement(await verificationKeys(installation), receipt)) {
        await invocation.say(`The receipt ${receipt.id} is ours and unchanged; it is ${receipt.status}.`);
        return 0;
      }
      await invocation.say(`The receipt ${receipt.id} is not what was signed: changed, or signed by none of our keys.`);
      return 1;
    }),
};

async function receiptToVerify(invocation: Invocation, installation: Installation): Promise<SignedReceipt> {
  const file = textOf(invocation.values.file);
  if (file === undefined) return signed(installation, await getReceipt(installation.read, argument(invocation, 0)));
  const content = await readFile(resolve(invocation.terminal.cwd, file), 'utf8').catch(() => undefined);
  if (content === undefined) throw new CommandFailed(`${file} cannot be read.`);
  try {
    return signedShape.parse(JSON.parse(content)) as unknown as SignedReceipt;
  } catch {
    throw new CommandFailed(`${file} does not hold a receipt as the admin API answers it.`);
  }
}

export const receiptCommands: readonly Command[] = [list, show, verify];
