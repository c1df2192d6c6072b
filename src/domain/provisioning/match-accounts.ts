import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey, storableExcerpt } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { findUsers } from '../users/list-users.ts';
import { differences, readPath, type WantedAccount, wantedAccountOf } from './account-mapping.ts';
import type { ProvisioningTarget } from './provisioning-target.ts';
import type { FindingKind } from './reconciliation.ts';
import { wantedPeople } from './wanted-people.ts';

/** An account as the target shows it. */
export type AccountThere = Readonly<Record<string, unknown>> & { readonly id: string };

export type Match = {
  readonly kind: FindingKind | 'matched';
  readonly userId: string | null;
  readonly remoteId: string;
  readonly remoteUserName: string | null;
  readonly attributes: readonly string[];
};

/** What each account of one page is to the people here; a handful of statements, however many they are. */
export async function matchAccounts(
  tx: Tx,
  target: ProvisioningTarget,
  accounts: readonly AccountThere[],
): Promise<readonly Match[]> {
  const owners = await ownersOf(tx, target, accounts);
  const wanted = await wantedOf(tx, target, [...new Set([...owners.values()].map(({ userId }) => userId))]);
  return accounts.map((account) => matchOf(account, owners.get(account.id), wanted));
}

type Owner = { readonly userId: string; readonly isLinked: boolean };

function matchOf(account: AccountThere, owner: Owner | undefined, wanted: ReadonlyMap<string, WantedAccount>): Match {
  const match = (kind: Match['kind'], attributes: readonly string[] = []): Match => ({
    kind,
    userId: owner?.userId ?? null,
    remoteId: account.id,
    remoteUserName: kind === 'orphan' || kind === 'unlinked' ? nameOf(account) : null,
    attributes,
  });
  const isOpen = readPath(account, 'active') !== false;
  if (owner === undefined) return match('orphan');
  const entitled = wanted.get(owner.userId);
  if (entitled === undefined) return match(isOpen ? 'unentitled' : 'matched');
  const paths = differences(account, entitled).map(({ path }) => path);
  if (!owner.isLinked) return match('unlinked', paths);
  return paths.length > 0 ? match('drift', paths) : match('matched');
}

const LONGEST_NAME = 512;

function nameOf(account: AccountThere): string | null {
  const name = readPath(account, 'userName');
  return typeof name === 'string' ? storableExcerpt(name, LONGEST_NAME) : null;
}

const LINKED = /* sql */ `
  SELECT remote_id AS "remoteId", user_id AS "userId" FROM provisioned_accounts
  WHERE target_id = $1 AND remote_id IS NOT NULL AND md5(remote_id) IN (SELECT md5(id) FROM unnest($2::text[]) AS id)`;

/** As a delivery would look for them: by the link, by `externalId`, and without one by user name. */
async function ownersOf(
  tx: Tx,
  target: ProvisioningTarget,
  accounts: readonly AccountThere[],
): Promise<ReadonlyMap<string, Owner>> {
  const linked = await tx.query<{ remoteId: string; userId: string }>(LINKED, [
    target.id,
    accounts.map(({ id }) => id),
  ]);
  const owners = new Map(linked.map(({ remoteId, userId }) => [remoteId, { userId, isLinked: true }]));
  const others = accounts.filter(({ id }) => !owners.has(id));
  const known = await peopleWith(tx, others.map(externalIdOf).filter(isUuid));
  const named = await peopleNamed(tx, target, others.filter((one) => externalIdOf(one) === '').map(keyOf));
  for (const account of others) {
    const externalId = externalIdOf(account).toLowerCase();
    const userId = externalId === '' ? named.get(keyOf(account)) : known.has(externalId) ? externalId : undefined;
    if (userId !== undefined) owners.set(account.id, { userId, isLinked: false });
  }
  return owners;
}

function externalIdOf(account: AccountThere): string {
  const id = readPath(account, 'externalId');
  return typeof id === 'string' ? id : '';
}

const keyOf = (account: AccountThere): string => comparisonKey(nameOf(account) ?? '');

async function peopleWith(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>('SELECT id FROM users WHERE id = ANY($1::uuid[])', [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** What is sent as user name, where that can be looked up. */
const NAMED: Readonly<Record<string, string>> = {
  userName: 'SELECT user_name_key AS name, id FROM users WHERE user_name_key = ANY($1::text[])',
  primaryEmail: `SELECT value_key AS name, user_id AS id FROM user_emails WHERE is_primary AND value_key = ANY($1::text[])`,
};

async function peopleNamed(
  tx: Tx,
  { mapping }: ProvisioningTarget,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const statement = NAMED[mapping.userName ?? ''];
  const asked = names.filter((name) => name !== '');
  if (statement === undefined || asked.length === 0) return new Map();
  const rows = await tx.query<{ name: string; id: string }>(statement, [asked]);
  return new Map(rows.map(({ name, id }) => [name, id]));
}

const WANTED = /* sql */ `
  WITH RECURSIVE ${wantedPeople({ at: '$1', users: '$2', targets: '$3' })} SELECT user_id AS id FROM wanted`;

async function wantedOf(
  tx: Tx,
  target: ProvisioningTarget,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, WantedAccount>> {
  if (userIds.length === 0) return new Map();
  const entitled = await tx.query<{ id: string }>(WANTED, [tx.now, userIds, [target.id]]);
  const people = await findUsers(
    tx,
    entitled.map(({ id }) => id),
  );
  return new Map(people.map((person) => [person.id, wantedAccountOf(person, target.mapping)]));
}
