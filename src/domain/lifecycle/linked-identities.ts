import type { Reader } from '../../persistence/unit-of-work.ts';

/** Accounts elsewhere that are the same person's. */
export type LinkedIdentities = {
  /** The organization that manages the account. */
  readonly organization: string | null;
  /** RFC 7643 §3.1: what the directory that the account comes from calls it. */
  readonly externalId: string | null;
  /** What was made, or taken over, in applications. */
  readonly accounts: readonly LinkedAccount[];
};

export type LinkedAccount = {
  readonly name: string;
  readonly state: 'pending' | 'active' | 'inactive';
  readonly since: Date;
};

type Row = Omit<LinkedIdentities, 'accounts'> & (LinkedAccount | { readonly name: null });

export async function findLinkedIdentities(read: Reader, userId: string): Promise<LinkedIdentities> {
  const rows = await read.query<Row>(
    `SELECT coalesce(o.display_name, o.name) AS organization, u.external_id AS "externalId", t.name, p.state, p.created_at AS since
     FROM users u LEFT JOIN organizations o ON o.id = u.home_organization_id
       LEFT JOIN (provisioned_accounts p JOIN provisioning_targets t ON t.id = p.target_id) ON p.user_id = u.id
     WHERE u.id = $1 ORDER BY t.name`,
    [userId],
  );
  const accounts = rows.flatMap((row) => (row.name === null ? [] : [row]));
  const [{ organization = null, externalId = null } = {}] = rows;
  return { organization, externalId, accounts: accounts.map(({ name, state, since }) => ({ name, state, since })) };
}
