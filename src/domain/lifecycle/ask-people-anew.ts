import type { Tx } from '../../persistence/unit-of-work.ts';
import type { RegisteredClient } from '../clients/registered-client.ts';
import { endPeoplesGrants } from '../sessions/end-client-access.ts';

/** What of a client decides whether people are asked, and for what at most. */
type ConsentSettings = { readonly firstParty: boolean; readonly scope: string | undefined };

/**
 * A client that asks nobody may hold grants nobody consented to, and one that may ask for less from now on holds grants with
 * more: when either changes, what it holds for people ends in the same transaction (ADR 0021). What people consented to is
 * remembered: they are asked only for what they have not allowed.
 */
export async function askPeopleAnew(tx: Tx, before: RegisteredClient, after: RegisteredClient): Promise<void> {
  const reason = reasonOf(settingsOf(before), settingsOf(after));
  if (reason === undefined) return;
  const records = await endPeoplesGrants(tx, before);
  tx.record({
    type: 'clients.grants-ended',
    reason,
    target: { type: 'client', id: before.clientId },
    details: { records },
  });
}

const settingsOf = ({ firstParty, metadata: { scope } }: RegisteredClient): ConsentSettings => ({
  firstParty,
  scope: typeof scope === 'string' ? scope : undefined,
});

function reasonOf(before: ConsentSettings, after: ConsentSettings): 'asks_for_consent' | 'scope_narrowed' | undefined {
  if (before.firstParty && !after.firstParty) return 'asks_for_consent';
  if (after.scope === undefined) return undefined;
  // Without a list a client may ask for everything.
  const allowed = new Set(after.scope.split(' '));
  const isNarrower = before.scope === undefined || before.scope.split(' ').some((value) => !allowed.has(value));
  return isNarrower ? 'scope_narrowed' : undefined;
}
