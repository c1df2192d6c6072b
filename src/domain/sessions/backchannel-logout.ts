import type { Tx } from '../../persistence/unit-of-work.ts';

/** Type of the outbox messages that tell one client that one session ended (OIDC Back-Channel Logout 1.0). */
export const BACKCHANNEL_LOGOUT_DUE = 'backchannel_logout.due';

export type BackchannelLogout = { readonly clientId: string; readonly accountId: string; readonly sid: string };

type Authorizations = Readonly<Record<string, { readonly sid?: string }>>;

/** One message for each client that took part in one of the sessions and wants to know. Returns how many. */
export async function enqueueBackchannelLogouts(tx: Tx, sessionPayloads: readonly string[]): Promise<number> {
  const notices = sessionPayloads.flatMap(participants);
  if (notices.length === 0) return 0;
  const rows = await tx.query<{ client_id: string }>(
    `SELECT client_id FROM clients WHERE client_id = ANY($1::text[]) AND metadata ? 'backchannel_logout_uri'`,
    [[...new Set(notices.map((notice) => notice.clientId))]],
  );
  const listening = new Set(rows.map((row) => row.client_id));
  const due = notices.filter((notice) => listening.has(notice.clientId));
  for (const notice of due) tx.enqueue({ type: BACKCHANNEL_LOGOUT_DUE, payload: { ...notice } });
  return due.length;
}

function participants(payload: string): BackchannelLogout[] {
  const { accountId, authorizations = {} } = JSON.parse(payload) as {
    accountId?: string;
    authorizations?: Authorizations;
  };
  if (accountId === undefined) return [];
  return Object.entries(authorizations).flatMap(([clientId, { sid }]) =>
    sid === undefined ? [] : [{ clientId, accountId, sid }],
  );
}
