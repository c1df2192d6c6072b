import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

/**
 * orphan: an account there that nobody here owns. missing: somebody is to have one, and there is none. drift: attributes differ.
 * unlinked: of somebody who is to have one, and not known here until now. unentitled: of somebody here who has no claim to it.
 */
export const FINDING_KINDS = ['orphan', 'missing', 'drift', 'unlinked', 'unentitled'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
export const RECONCILIATION_STATES = ['running', 'completed', 'failed'] as const;

/** All accounts of one target, compared with who is to have one there. */
export type Reconciliation = {
  readonly id: string;
  readonly targetId: string;
  readonly dryRun: boolean;
  readonly state: (typeof RECONCILIATION_STATES)[number];
  readonly accountsRead: number;
  /** As the target says; null until it has. */
  readonly accountsTotal: number | null;
  /** By kind, `matched` too; once it is completed. */
  readonly counts: Readonly<Partial<Record<FindingKind | 'matched', number>>>;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
};

/** Type of the outbox messages: the accounts from one place on are to be read. */
export const RECONCILIATION_DUE = 'provisioning.reconciliation';

export type ReconciliationPayload = { readonly reconciliationId: string; readonly startIndex: number };

const COLUMNS = /* sql */ `
  id, target_id AS "targetId", dry_run AS "dryRun", state, accounts_read AS "accountsRead", accounts_total AS "accountsTotal",
  counts, error, created_at AS "createdAt", completed_at AS "completedAt"`;

export async function findReconciliation(read: Reader, id: string): Promise<Reconciliation | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read.query<Reconciliation>(`SELECT ${COLUMNS} FROM provisioning_reconciliations WHERE id = $1`, [
    id,
  ]);
  return row;
}

/** Throws `not_found`, for one of another target as well. */
export async function getReconciliation(read: Reader, id: string, targetId?: string): Promise<Reconciliation> {
  const found = await findReconciliation(read, id);
  if (found === undefined || (targetId !== undefined && found.targetId !== targetId))
    throw notFound('provisioning_reconciliations.not_found', { detail: 'there is no such reconciliation' });
  return found;
}

/** Those that are kept, newest first: they are few. */
export const listReconciliations = (read: Reader, targetId: string): Promise<readonly Reconciliation[]> =>
  read.query<Reconciliation>(
    `SELECT ${COLUMNS} FROM provisioning_reconciliations WHERE target_id = $1 ORDER BY id DESC`,
    [targetId],
  );

export type Finding = {
  readonly place: string;
  readonly kind: FindingKind;
  readonly userId: string | null;
  readonly remoteId: string | null;
  readonly remoteUserName: string | null;
  readonly attributes: readonly string[];
};

const isPlace = (text: string): boolean => /^\d{1,18}$/.test(text);

/** In the order in which they were found. Throws invalid `request.cursor_invalid`. */
export async function searchFindings(
  read: Reader,
  search: PageRequest & { readonly reconciliationId: string; readonly kind?: FindingKind | undefined },
): Promise<Page<Finding>> {
  const after = search.cursor === undefined ? '0' : decodeCursor(search.cursor, isPlace);
  const rows = await read.query<Finding>(
    `SELECT place, kind, user_id AS "userId", remote_id AS "remoteId", remote_user_name AS "remoteUserName", attributes
     FROM provisioning_findings
     WHERE reconciliation_id = $1 AND place > $2 AND kind = ANY($3::text[]) ORDER BY place LIMIT $4`,
    [search.reconciliationId, after, search.kind === undefined ? FINDING_KINDS : [search.kind], search.limit + 1],
  );
  return toPage(rows, search.limit, ({ place }) => place);
}
