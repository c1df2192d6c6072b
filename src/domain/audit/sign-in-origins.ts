import type { Reader } from '../../persistence/unit-of-work.ts';
import { smallestIdAt } from './search-audit.ts';

/** What the log has of where a sign-in came from. */
export type SignInOrigin = { readonly userAgent: string | null; readonly ipAddress: string | null };

/**
 * From where somebody signed in, by the second in which they did; sessions know no more of it than that second. Undefined for
 * a second in which they did so from two places: nothing is better than the wrong one. Served by `audit_events_by_target`.
 */
export async function findSignInOrigins(
  read: Reader,
  { userId, moments }: { readonly userId: string; readonly moments: readonly Date[] },
): Promise<readonly (SignInOrigin | undefined)[]> {
  const starts = moments.map((moment) => Math.floor(moment.getTime() / 1000) * 1000);
  const rows = await read.query<SignInOrigin & { place: number; origins: number }>(
    `SELECT asked.place::int, min(e.user_agent) AS "userAgent", min(e.ip_address) AS "ipAddress",
       count(DISTINCT concat_ws(E'\\n', e.ip_address, e.user_agent))::int AS origins
     FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS asked (first, after, place)
     JOIN audit_events e ON e.target_id = $1 AND e.id >= asked.first AND e.id < asked.after
       AND e.type IN ('sign-ins.succeeded', 'factors.verified')
     GROUP BY asked.place`,
    [userId, starts.map(idAt), starts.map((start) => idAt(start + 1000))],
  );
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return moments.map((_, index) => {
    const found = byPlace.get(index + 1);
    return found?.origins === 1 ? { userAgent: found.userAgent, ipAddress: found.ipAddress } : undefined;
  });
}

const idAt = (milliseconds: number): string => smallestIdAt(new Date(milliseconds));
