import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

/** What a person allowed a client. */
export type ListedConsent = {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Consents given to one client, by person. */
export async function searchClientConsents(
  read: Reader,
  { clientId, cursor, limit }: PageRequest & { readonly clientId: string },
): Promise<Page<ListedConsent>> {
  const rows = await read.query<ListedConsent>(
    `SELECT user_id AS "userId", scopes, claims, resource_scopes AS "resourceScopes", created_at AS "createdAt",
       updated_at AS "updatedAt"
     FROM consents WHERE client_id = $1 AND ($2::uuid IS NULL OR user_id > $2) ORDER BY user_id LIMIT $3`,
    [clientId, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (consent) => consent.userId);
}
