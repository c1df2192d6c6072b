import { comparisonKey } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { mailedLinkToken } from '../credentials/mailed-links.ts';
import { issueSignUpLink } from '../credentials/sign-up-links.ts';
import { findUser } from '../users/find-user.ts';
import { findUserByUserName } from '../users/find-user-by-user-name.ts';
import type { User } from '../users/user.ts';

/** To an address: a link to make an account, or the news that it has one. */
export type SignUpFacts =
  | { readonly kind: 'sign_up'; readonly token: string; readonly lifetimeSeconds: number }
  | { readonly kind: 'already_registered'; readonly userName: string };

const SIGN_UP_LINK_SECONDS = 24 * 60 * 60;

export async function signUpFacts(
  tx: Tx,
  { linkKey, messageId, address }: { linkKey: Uint8Array; messageId: string; address: string },
): Promise<SignUpFacts> {
  const holder = await findHolder(tx, address);
  if (holder) return { kind: 'already_registered', userName: holder.userName };
  const token = mailedLinkToken(linkKey, 'sign_up', messageId);
  await issueSignUpLink(tx, { token, address, lifetimeSeconds: SIGN_UP_LINK_SECONDS });
  return { kind: 'sign_up', token, lifetimeSeconds: SIGN_UP_LINK_SECONDS };
}

/** Whose address it is already: by user name, or proved. */
async function findHolder(read: Reader, address: string): Promise<User | undefined> {
  const named = await findUserByUserName(read, address);
  if (named) return named;
  const [row] = await read.query<{ id: string }>(
    'SELECT user_id AS id FROM user_emails WHERE value_key = $1 AND is_verified ORDER BY user_id LIMIT 1',
    [comparisonKey(address)],
  );
  return row && findUser(read, row.id);
}
