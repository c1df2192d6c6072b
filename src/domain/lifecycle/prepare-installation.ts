import type { Tx } from '../../persistence/unit-of-work.ts';
import { ensureBuiltIns } from '../access/ensure-built-ins.ts';
import { ensureAccountClient } from '../clients/account-client.ts';

/** What every installation has, brought to what this version knows; an ordinary start changes nothing. */
export async function prepareInstallation(tx: Tx, { issuer }: { issuer: string }): Promise<void> {
  await ensureBuiltIns(tx);
  await ensureAccountClient(tx, { issuer });
}
