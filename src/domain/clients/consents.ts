import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** What a person allowed a client, remembered until it is withdrawn. Not a grant: those are made per sign-in session. */
export type Consent = {
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  /** Resource server identifier → permission values. */
  readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type ConsentedTo = Pick<Consent, 'scopes' | 'claims' | 'resourceScopes'>;
type Key = { readonly userId: string; readonly clientId: string };

const COLUMNS = `user_id AS "userId", client_id AS "clientId", scopes, claims, resource_scopes AS "resourceScopes",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function findConsent(read: Reader, { userId, clientId }: Key): Promise<Consent | undefined> {
  const [row] = await read.query<Consent>(`SELECT ${COLUMNS} FROM consents WHERE user_id = $1 AND client_id = $2`, [
    userId,
    clientId,
  ]);
  return row;
}

/** Adds to what was consented to before. */
export async function grantConsent(tx: Tx, { userId, clientId, ...added }: Key & ConsentedTo): Promise<void> {
  // The row is made first and locked, so that two consents at once add up instead of one overwriting the other.
  await tx.query(
    `INSERT INTO consents (user_id, client_id, scopes, claims, resource_scopes, created_at, updated_at)
     VALUES ($1, $2, '{}', '{}', '{}', $3, $3) ON CONFLICT ON CONSTRAINT consents_pkey DO NOTHING`,
    [userId, clientId, tx.now],
  );
  const [before] = await tx.query<ConsentedTo>(
    `SELECT scopes, claims, resource_scopes AS "resourceScopes" FROM consents
     WHERE user_id = $1 AND client_id = $2 FOR UPDATE`,
    [userId, clientId],
  );
  const after = before ? union(before, added) : added;
  await tx.query(
    `UPDATE consents SET scopes = $3, claims = $4, resource_scopes = $5, updated_at = $6
     WHERE user_id = $1 AND client_id = $2`,
    [userId, clientId, after.scopes, after.claims, JSON.stringify(after.resourceScopes), tx.now],
  );
  tx.record({ type: 'consents.granted', target: { type: 'user', id: userId }, clientId, details: { ...added } });
}

/** False when there was none. The caller ends the grants that came from it. */
export async function withdrawConsent(tx: Tx, { userId, clientId }: Key): Promise<boolean> {
  const rows = await tx.query(
    `WITH gone AS (DELETE FROM consents WHERE user_id = $1 AND client_id = $2 RETURNING 1) SELECT 1 FROM gone`,
    [userId, clientId],
  );
  if (rows.length === 0) return false;
  tx.record({ type: 'consents.withdrawn', target: { type: 'user', id: userId }, clientId });
  return true;
}

function union(a: ConsentedTo, b: ConsentedTo): ConsentedTo {
  const both = (x: readonly string[] = [], y: readonly string[] = []): string[] => [...new Set([...x, ...y])].sort();
  const resources = new Set([...Object.keys(a.resourceScopes), ...Object.keys(b.resourceScopes)]);
  return {
    scopes: both(a.scopes, b.scopes),
    claims: both(a.claims, b.claims),
    resourceScopes: Object.fromEntries(
      [...resources].map((resource) => [resource, both(a.resourceScopes[resource], b.resourceScopes[resource])]),
    ),
  };
}
