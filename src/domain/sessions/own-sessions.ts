import type { Reader } from '../../persistence/unit-of-work.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { type SessionRow, type SignInSession, sessionOf } from './search-sessions.ts';
import { SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS } from './session-lifetimes.ts';

/** A session as its person sees it. */
export type OwnSession = SignInSession & {
  /** By which the browser that shows the list finds itself. */
  readonly uid: string;
  readonly lastUsedAt: Date;
  /** What the session was used for, by name. */
  readonly applications: readonly string[];
};

/** Programs that sign in without keeping cookies make many: those used last are shown. */
const MOST_SHOWN = 100;

/** Sessions of one person that are in force, the last used first. */
export async function findOwnSessions(
  read: Reader,
  { userId, now }: { readonly userId: string; readonly now: Date },
): Promise<readonly OwnSession[]> {
  const rows = await read.query<SessionRow & { uid: string; applications: string[] }>(
    `SELECT r.id, r.uid, r.account_id AS "accountId", r.payload, r.created_at AS "createdAt", r.expires_at AS "expiresAt",
       (SELECT coalesce(json_agg(coalesce(c.client_name, c.client_id) ORDER BY c.client_name_key, c.client_id), '[]')
        FROM jsonb_object_keys(coalesce(r.payload::jsonb -> 'authorizations', '{}')) AS used (client_id)
        JOIN clients c ON c.client_id = used.client_id AND c.client_id <> $3) AS applications
     FROM provider_records r
     WHERE r.account_id = $1 AND r.model = 'Session' AND r.ended_at IS NULL AND r.expires_at > $2
     ORDER BY r.expires_at DESC, r.id LIMIT ${MOST_SHOWN}`,
    [userId, now, ACCOUNT_CLIENT_ID],
  );
  return rows.map(({ uid, applications, ...row }) => {
    const session = sessionOf(row);
    return { ...session, uid, applications, lastUsedAt: lastUseOf(session) };
  });
}

/** Each use moves the end of a session on by the idle time, until its absolute end stops that: then this is a lower bound. */
function lastUseOf({ signedInAt, expiresAt }: SignInSession): Date {
  const absoluteEnd = signedInAt.getTime() + SESSION_ABSOLUTE_SECONDS * 1000;
  const end = Math.min(expiresAt?.getTime() ?? absoluteEnd, absoluteEnd);
  return new Date(Math.max(signedInAt.getTime(), end - SESSION_IDLE_SECONDS * 1000));
}
