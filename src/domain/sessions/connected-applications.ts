import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { withdrawConsent } from '../clients/consents.ts';
import { enqueueBackchannelLogouts, participantsOf } from './backchannel-logout.ts';
import { deleteRecords } from './end-all-access.ts';

/** An application that holds something for a person, or may without asking. */
export type ConnectedApplication = {
  readonly clientId: string;
  readonly name: string;
  readonly firstParty: boolean;
  readonly clientUri: string | undefined;
  readonly policyUri: string | undefined;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  /** Resource server identifier → permission values. */
  readonly resourceScopes: Readonly<Record<string, readonly string[]>>;
  readonly since: Date;
  /** Whether it can act now, in a session or while the person is away. */
  readonly isActive: boolean;
};

type Row = {
  readonly clientId: string;
  readonly name: string | null;
  readonly firstParty: boolean;
  readonly clientUri: string | null;
  readonly policyUri: string | null;
  readonly consent: Held | null;
  readonly grants: readonly GrantPayload[];
  readonly since: Date;
};
type Held = Pick<ConnectedApplication, 'scopes' | 'claims' | 'resourceScopes'>;
type GrantPayload = {
  readonly openid?: { readonly scope?: string; readonly claims?: readonly string[] };
  readonly resources?: Readonly<Record<string, string>>;
};

/** By name; our own pages are not among them. */
export async function findConnectedApplications(
  read: Reader,
  { userId, now }: { readonly userId: string; readonly now: Date },
): Promise<readonly ConnectedApplication[]> {
  const rows = await read.query<Row>(
    `WITH held AS (
       SELECT client_id, json_agg(payload::json) AS grants, min(created_at) AS since FROM provider_records
       WHERE account_id = $1 AND model = 'Grant' AND (expires_at IS NULL OR expires_at > $2) GROUP BY client_id
     ), allowed AS (
       SELECT client_id, created_at, json_build_object('scopes', scopes, 'claims', claims, 'resourceScopes', resource_scopes) AS consent
       FROM consents WHERE user_id = $1
     )
     SELECT c.client_id AS "clientId", c.client_name AS name, c.first_party AS "firstParty", c.metadata ->> 'client_uri' AS "clientUri",
       c.metadata ->> 'policy_uri' AS "policyUri", allowed.consent, coalesce(held.grants, '[]') AS grants,
       least(allowed.created_at, held.since) AS since
     FROM clients c LEFT JOIN held ON held.client_id = c.client_id LEFT JOIN allowed ON allowed.client_id = c.client_id
     WHERE coalesce(held.client_id, allowed.client_id) IS NOT NULL AND c.client_id <> $3
     ORDER BY c.client_name_key NULLS LAST, c.client_id`,
    [userId, now, ACCOUNT_CLIENT_ID],
  );
  return rows.map(applicationOf);
}

function applicationOf({ name, clientUri, policyUri, consent, grants, ...row }: Row): ConnectedApplication {
  const held = grants.reduce<Held>((sum, grant) => union(sum, heldBy(grant)), consent ?? NOTHING);
  return {
    ...row,
    ...held,
    name: name ?? row.clientId,
    clientUri: clientUri ?? undefined,
    policyUri: policyUri ?? undefined,
    isActive: grants.length > 0,
  };
}

const NOTHING: Held = { scopes: [], claims: [], resourceScopes: {} };

const heldBy = ({ openid, resources = {} }: GrantPayload): Held => ({
  scopes: openid?.scope?.split(' ') ?? [],
  claims: openid?.claims ?? [],
  resourceScopes: Object.fromEntries(Object.entries(resources).map(([name, scope]) => [name, scope.split(' ')])),
});

function union(a: Held, b: Held): Held {
  const both = (x: readonly string[] = [], y: readonly string[] = []) => [...new Set([...x, ...y])];
  const names = new Set([...Object.keys(a.resourceScopes), ...Object.keys(b.resourceScopes)]);
  return {
    scopes: both(a.scopes, b.scopes),
    claims: both(a.claims, b.claims),
    resourceScopes: Object.fromEntries(
      [...names].map((name) => [name, both(a.resourceScopes[name], b.resourceScopes[name])]),
    ),
  };
}

/**
 * A person takes back what they had allowed an application: consent, grants, codes and tokens of it end, and it is told of the
 * end of the sessions it took part in. False when it held nothing.
 */
export async function disconnectApplication(
  tx: Tx,
  { userId, clientId }: { readonly userId: string; readonly clientId: string },
): Promise<boolean> {
  const hadConsent = await withdrawConsent(tx, { userId, clientId });
  const records = await deleteRecords(tx, `account_id = $1 AND client_id = $2 AND model <> 'Session'`, [
    userId,
    clientId,
  ]);
  if (!hadConsent && records === 0) return false;
  const sessions = await tx.query<{ payload: string }>(
    `SELECT payload FROM provider_records WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL AND expires_at > $2`,
    [userId, tx.now],
  );
  const taken = sessions.flatMap(({ payload }) => participantsOf(payload)).filter((one) => one.clientId === clientId);
  await enqueueBackchannelLogouts(tx, taken);
  tx.record({
    type: 'applications.disconnected',
    target: { type: 'user', id: userId },
    clientId,
    details: { hadConsent, records },
  });
  return true;
}
