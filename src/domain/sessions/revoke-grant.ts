import { notFound } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { storedId } from './provider-record.ts';

/** Ends a grant and every code and token that came from it. Throws `not_found`. `id` is the shown one (a hash). */
export async function revokeGrant(tx: Tx, { id }: { readonly id: string }): Promise<void> {
  const stored = storedId(id);
  const rows = stored
    ? await tx.query<{ userId: string | null; clientId: string | null }>(
        `WITH gone AS (
           DELETE FROM provider_records WHERE id = $1 AND model = 'Grant'
           RETURNING account_id AS "userId", client_id AS "clientId"
         ), tokens AS (DELETE FROM provider_records WHERE grant_id = $1)
         SELECT * FROM gone`,
        [stored],
      )
    : [];
  const [grant] = rows;
  if (!grant) throw notFound('grants.not_found', { detail: 'there is no such grant' });
  tx.record({
    type: 'grants.revoked',
    target: { type: 'grant', id },
    ...(grant.clientId === null ? {} : { clientId: grant.clientId }),
    details: { userId: grant.userId },
  });
}
