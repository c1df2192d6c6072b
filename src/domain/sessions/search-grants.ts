import { isUuid } from '../../kernel/ids.ts';
import { type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { shownId } from './provider-record.ts';
import { afterOf } from './search-sessions.ts';

/** What one client may do for one person, from one sign-in. */
export type SearchedGrant = {
  /** A hash of the grant's own id. */
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Resource server identifier → permission values that were allowed; roles narrow them at every issuance. */
  readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: Date;
};

export type GrantSearch = PageRequest & {
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
};

type Row = { id: Buffer; userId: string; clientId: string; payload: string; createdAt: Date };

export async function searchGrants(
  read: Reader,
  { userId, clientId, cursor, limit }: GrantSearch,
): Promise<Page<SearchedGrant>> {
  if (userId !== undefined && !isUuid(userId)) return { items: [], nextCursor: undefined };
  const rows = await read.query<Row>(
    `SELECT id, account_id AS "userId", client_id AS "clientId", payload, created_at AS "createdAt"
     FROM provider_records
     WHERE model = 'Grant' AND account_id IS NOT NULL AND client_id IS NOT NULL
       AND ($1::uuid IS NULL OR account_id = $1) AND ($2::text IS NULL OR client_id = $2) AND ($3::bytea IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [userId ?? null, clientId ?? null, afterOf(cursor), limit + 1],
  );
  return toPage(rows.map(grantOf), limit, (grant) => grant.id);
}

function grantOf({ id, payload, ...row }: Row): SearchedGrant {
  const { openid, resources } = JSON.parse(payload) as {
    openid?: { scope?: string };
    resources?: Record<string, string>;
  };
  return {
    id: shownId(id),
    ...row,
    scopes: openid?.scope?.split(' ') ?? [],
    resourceScopes: Object.fromEntries(
      Object.entries(resources ?? {}).map(([resource, scope]) => [resource, scope.split(' ')]),
    ),
  };
}
