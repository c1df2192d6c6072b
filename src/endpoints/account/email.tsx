import type { Context } from 'koa';
import { EmailPage, type EmailProblem } from '../../../views/account/email.tsx';
import { sitePaths } from '../../../views/site.ts';
import { cancelEmailChanges } from '../../domain/lifecycle/cancel-email-changes.ts';
import { requestEmailChange } from '../../domain/lifecycle/change-own-email.ts';
import { findOpenEmailChange } from '../../domain/users/email-changes.ts';
import { primaryEmail } from '../../domain/users/user.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { momentFor } from './dates.ts';
import { freshPerson } from './fresh-sign-in.ts';
import { mayChangeEmail } from './may-change-email.ts';
import type { AccountParts } from './parts.ts';
import { actorOf, formTo, isOurs, postedForm, type SignedInPerson, signedInPerson } from './signed-in.ts';

/** Longer ones are no addresses, and are not shown again. */
const LONGEST_ADDRESS = 320;

/** `/account/email`: to where mail about the account goes. */
export async function email(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.email);
  if (person) await showEmail(ctx, parts, person);
}

/** POST `email`: a link goes to both addresses. */
export async function changeEmail(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts, sitePaths.email);
  if (!person) return;
  const address = form.email ?? '';
  const typed = address.slice(0, LONGEST_ADDRESS);
  if (!isOurs(parts, person, form)) return showEmail(ctx, parts, person, { problem: { kind: 'form_expired' }, typed });
  if (!mayChangeEmail(parts)) return showEmail(ctx, parts, person, { problem: { kind: 'change_off' } });
  const wish = await requestEmailChange(parts.authentication, actorOf(ctx, person.user), {
    user: person.user,
    sessionUid: person.session.uid,
    address,
  });
  if (wish.kind !== 'taken') return showEmail(ctx, parts, person, { problem: wish, typed });
  seeOther(ctx, sitePaths.email);
}

export async function cancelOwnEmailChange(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.email);
  if (!posted) return;
  const { person, isOurs: wasShownHere } = posted;
  if (!wasShownHere) return showEmail(ctx, parts, person, { problem: { kind: 'form_expired' } });
  await parts.authentication.transact(actorOf(ctx, person.user), (tx) => cancelEmailChanges(tx, [person.user.id]));
  seeOther(ctx, sitePaths.email);
}

async function showEmail(
  ctx: Context,
  parts: AccountParts,
  person: SignedInPerson,
  { problem, typed }: { readonly problem?: EmailProblem; readonly typed?: string } = {},
): Promise<void> {
  const { user } = person;
  const { read, clock } = parts.authentication;
  const change = await findOpenEmailChange(read, { userId: user.id, now: clock.now() });
  const current = primaryEmail(user);
  if (problem && 'retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds));
  answerPage(
    ctx,
    <EmailPage
      person={addressee(ctx, user)}
      isProved={current?.verified === true}
      form={mayChangeEmail(parts) ? formTo(parts, person, sitePaths.email) : undefined}
      pending={
        change && {
          newAddress: change.newAddress,
          waitsFor: [
            ...(change.formerAddress !== null && !change.isFormerConfirmed ? [change.formerAddress] : []),
            ...(change.isNewConfirmed ? [] : [change.newAddress]),
          ],
          until: momentFor(ctx, user, change.expiresAt),
          cancel: formTo(parts, person, sitePaths.cancelEmailChange),
        }
      }
      problem={problem}
      typed={typed}
    />,
    problem === undefined ? 200 : 'retryAfterSeconds' in problem ? 429 : 422,
  );
}
