import type { Context } from 'koa';
import { assertStillSignedIn } from '../../domain/sessions/assert-still-signed-in.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import type { Actor } from '../../kernel/actor.ts';
import { constantTimeEqual } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { visitorOf } from '../http/answer-page.ts';
import { readFormBody } from '../http/read-body.ts';
import { accountCsrfToken } from './home.tsx';
import type { AccountParts, Form, SignedInSession } from './parts.ts';
import { type Destination, startSignIn } from './sign-in.ts';

export type SignedInPerson = { readonly session: SignedInSession; readonly user: User };

/** Who is signed in here; else they are led to sign in and come back to `to`, and this is undefined. */
export async function signedInPerson(
  ctx: Context,
  parts: AccountParts,
  to: Destination,
): Promise<SignedInPerson | undefined> {
  const session = await parts.findSession(ctx);
  const user = session && (await findUser(parts.authentication.read, session.accountId));
  if (session && user) return { session, user };
  startSignIn(ctx, parts, { to });
  return undefined;
}

export type PostedForm = { readonly person: SignedInPerson; readonly form: Form; readonly isOurs: boolean };

/** A form of the account pages, from whom it came, and whether it was shown in this session. */
export async function postedForm(ctx: Context, parts: AccountParts, to: Destination): Promise<PostedForm | undefined> {
  const form = await readFormBody(ctx.req);
  const person = await signedInPerson(ctx, parts, to);
  return person && { person, form, isOurs: isOurs(parts, person, form) };
}

export const isOurs = (
  { csrfKey }: Pick<AccountParts, 'csrfKey'>,
  { session }: Pick<SignedInPerson, 'session'>,
  form: Form,
): boolean => constantTimeEqual(form.csrf ?? '', accountCsrfToken(csrfKey, session));

/** Where a form is posted to, good in this session alone. */
export const formTo = ({ csrfKey }: AccountParts, { session }: SignedInPerson, action: string) => ({
  action,
  csrfToken: accountCsrfToken(csrfKey, session),
});

/**
 * A change of how somebody signs in, by whoever is signed in, and still is when it is made. Throws unauthenticated
 * `sessions.signed_out`, on which they are led to sign in (`accountEndpoints`).
 */
export const changeAs = <Result>(
  ctx: Context,
  { authentication: { transact } }: AccountParts,
  { user, session }: SignedInPerson,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> =>
  transact(actorOf(ctx, user), async (tx) => {
    await assertStillSignedIn(tx, { userId: user.id, sessionUid: session.uid });
    return work(tx);
  });

export const actorOf = (ctx: Context, { id }: User): Actor => ({ ...visitorOf(ctx), type: 'user', id });
