import type { Tx } from '../../persistence/unit-of-work.ts';

/** Type of the outbox messages that tell one client that one session ended (OIDC Back-Channel Logout 1.0). */
export const BACKCHANNEL_LOGOUT_DUE = 'backchannel_logout.due';

/** Without `sid` it means every session of the person at that client (§2.4). */
export type BackchannelLogout = { readonly clientId: string; readonly accountId: string; readonly sid?: string };

/** A client that took part in a session. */
export type Participant = BackchannelLogout & { readonly sid: string };

type Authorizations = Readonly<Record<string, { readonly sid?: string }>>;

/** The outbox message for one notice. One client that is slow delays no other. */
export const backchannelLogoutDue = (notice: BackchannelLogout) => ({
  type: BACKCHANNEL_LOGOUT_DUE,
  target: `client:${notice.clientId}`,
  payload: { ...notice },
});

/** One message for each client that took part and wants to know. */
export async function enqueueBackchannelLogouts(tx: Tx, notices: readonly Participant[]): Promise<void> {
  if (notices.length === 0) return;
  const rows = await tx.query<{ client_id: string }>(
    `SELECT client_id FROM clients WHERE client_id = ANY($1::text[]) AND metadata ? 'backchannel_logout_uri'`,
    [[...new Set(notices.map((notice) => notice.clientId))]],
  );
  const listening = new Set(rows.map((row) => row.client_id));
  for (const notice of notices) if (listening.has(notice.clientId)) tx.enqueue(backchannelLogoutDue(notice));
}

/** Who took part in a session, from its stored payload. */
export function participantsOf(payload: string): readonly Participant[] {
  const { accountId, authorizations = {} } = JSON.parse(payload) as {
    accountId?: string;
    authorizations?: Authorizations;
  };
  if (accountId === undefined) return [];
  return Object.entries(authorizations).flatMap(([clientId, { sid }]) =>
    sid === undefined ? [] : [{ clientId, accountId, sid }],
  );
}
