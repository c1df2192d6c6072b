import type { RoleId } from '../../kernel/ids.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { hasAdministrator } from '../access/administrators.ts';
import { assignRole } from '../access/assign-role.ts';
import { issueSetPasswordLink } from '../credentials/one-time-links.ts';
import { setPassword } from '../credentials/set-password.ts';
import { findUserByUserName } from '../users/find-user-by-user-name.ts';
import { personInForce } from '../users/standing.ts';
import { admitUser } from './admit-user.ts';

export type FirstAdministrator =
  /** Somebody can administer already, with a password of their own. */
  | { readonly state: 'present' }
  | { readonly state: 'created'; readonly userName: string }
  /** There is an administrator who can sign in only by way of this link. */
  | { readonly state: 'invited'; readonly userName: string; readonly token: string };

export type FirstAdministratorInput = {
  readonly email: string | undefined;
  /** Hashed by the caller, outside the transaction. */
  readonly passwordHash: string | undefined;
};

const DEFAULT_USER_NAME = 'admin';

/**
 * While nobody can administer, makes the first administrator: with the operator's e-mail and password, or with a one-time
 * link. As long as the link was not used, each start gives a fresh one.
 */
export async function ensureFirstAdministrator(
  tx: Tx,
  { email, passwordHash }: FirstAdministratorInput,
): Promise<FirstAdministrator> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.bootstrap]);
  if (await hasAdministrator(tx, tx.now)) return inviteAgain(tx);
  const userName = email ?? DEFAULT_USER_NAME;
  const existing = await findUserByUserName(tx, userName);
  const user =
    existing ??
    (await admitUser(tx, {
      input: {
        userName,
        active: true,
        ...(email === undefined ? {} : { emails: [{ value: email, primary: true, verified: true }] }),
      },
    }));
  const [role] = await tx.query<{ id: RoleId }>('SELECT id FROM roles WHERE name = $1 AND built_in', [
    ADMINISTRATOR_ROLE,
  ]);
  if (role === undefined) throw new Error('the built-in role administrator is missing');
  await assignRole(tx, { roleId: role.id, userId: user.id, reason: 'first administrator' });
  if (passwordHash === undefined)
    return { state: 'invited', userName, token: (await issueSetPasswordLink(tx, { userId: user.id })).token };
  await setPassword(tx, { userId: user.id, hash: passwordHash });
  return { state: 'created', userName };
}

/** An administrator exists; when not one of them has a password yet, whoever starts the server gets a new link. */
async function inviteAgain(tx: Tx): Promise<FirstAdministrator> {
  const [waiting] = await tx.query<{ id: string; userName: string }>(
    `SELECT users.id, users.user_name AS "userName"
     FROM role_assignments a JOIN roles ON roles.id = a.role_id AND roles.name = $1 AND roles.built_in JOIN users ON users.id = a.user_id
     WHERE ${personInForce('$2')} AND NOT EXISTS (
       SELECT FROM role_assignments other JOIN password_credentials p ON p.user_id = other.user_id WHERE other.role_id = a.role_id)
     ORDER BY a.id LIMIT 1`,
    [ADMINISTRATOR_ROLE, tx.now],
  );
  if (waiting === undefined) return { state: 'present' };
  const { token } = await issueSetPasswordLink(tx, { userId: waiting.id });
  return { state: 'invited', userName: waiting.userName, token };
}
