import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { shownId, storedId } from './provider-record.ts';

/** A browser in which a person is signed in. */
export type SignInSession = {
  /** A hash: what is in the cookie is known to nobody but the browser. */
  readonly id: string;
  readonly userId: string;
  readonly signedInAt: Date;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** Its cookie is worth nothing in another device. */
  readonly isDeviceBound: boolean;
  /** Clients that the session was used for. */
  readonly clientIds: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
};

export type SessionSearch = PageRequest & { readonly userId?: string | undefined; readonly now: Date };

export type SessionRow = { id: Buffer; accountId: string; payload: string; createdAt: Date; expiresAt: Date | null };

/** Sessions that are in force, in the order of their ids. */
export async function searchSessions(read: Reader, search: SessionSearch): Promise<Page<SignInSession>> {
  const { userId, cursor, limit, now } = search;
  if (userId !== undefined && !isUuid(userId)) return { items: [], nextCursor: undefined };
  const rows = await read.query<SessionRow>(
    `SELECT id, account_id AS "accountId", payload, created_at AS "createdAt", expires_at AS "expiresAt"
     FROM provider_records
     WHERE model = 'Session' AND ended_at IS NULL AND expires_at > $1 AND account_id IS NOT NULL
       AND ($2::uuid IS NULL OR account_id = $2) AND ($3::bytea IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [now, userId ?? null, afterOf(cursor), limit + 1],
  );
  return toPage(rows.map(sessionOf), limit, (session) => session.id);
}

/** The row a cursor stands for; null at the beginning. Throws `request.cursor_invalid`. */
export function afterOf(cursor: string | undefined): Buffer | null {
  if (cursor === undefined) return null;
  return storedId(decodeCursor(cursor, (id) => storedId(id) !== undefined)) ?? null;
}

export function sessionOf({ id, accountId, payload, createdAt, expiresAt }: SessionRow): SignInSession {
  const { loginTs, acr, amr, authorizations, deviceKey } = JSON.parse(payload) as {
    loginTs?: number;
    acr?: string;
    amr?: string[];
    authorizations?: Record<string, unknown>;
    deviceKey?: unknown;
  };
  return {
    id: shownId(id),
    userId: accountId,
    signedInAt: loginTs === undefined ? createdAt : new Date(loginTs * 1000),
    acr,
    amr: amr ?? [],
    isDeviceBound: deviceKey !== undefined,
    clientIds: Object.keys(authorizations ?? {}).sort(),
    createdAt,
    expiresAt: expiresAt ?? undefined,
  };
}
