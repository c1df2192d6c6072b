import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { AccountDeletedPage, DataPage, type DataPageProps } from '../../../views/account/data.tsx';
import { sitePaths } from '../../../views/site.ts';
import { deleteOwnAccount } from '../../domain/lifecycle/delete-own-account.ts';
import { findOwnData, ownEvents } from '../../domain/lifecycle/own-data.ts';
import type { User } from '../../domain/users/user.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { answerPage } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { dateFor } from './dates.ts';
import { type FreshPerson, freshPerson } from './fresh-sign-in.ts';
import type { AccountParts } from './parts.ts';
import { actorOf, changeAs, formTo, isOurs } from './signed-in.ts';

/** `/account/data`: take what is kept of me, or have it deleted. */
export async function data(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await freshPerson(ctx, parts, sitePaths.data);
  if (person) showData(ctx, parts, person);
}

/** POST: a JSON file. */
export async function exportData(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts, sitePaths.data);
  if (!person) return;
  if (!isOurs(parts, person, form)) return showData(ctx, parts, person, 'form_expired');
  const { user } = person;
  const { transact, read, clock } = parts.authentication;
  await transact(actorOf(ctx, user), async (tx) =>
    tx.record({ type: 'personal-data.exported', target: { type: 'user', id: user.id } }),
  );
  const now = clock.now();
  const kept = await findOwnData(read, { user, now });
  ctx.type = 'application/json';
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Disposition', 'attachment; filename="my-data.json"');
  ctx.body = Readable.from(jsonOf(read, user, { exportedAt: now, ...kept }));
}

/** Written as it is read: the log of a busy person is long. */
async function* jsonOf(read: Reader, { id }: User, kept: object): AsyncGenerator<string> {
  yield `${JSON.stringify(kept, null, 2).slice(0, -2)},\n  "events": [`;
  let separator = '\n    ';
  for await (const events of ownEvents(read, id)) {
    if (events.length === 0) continue;
    yield separator + events.map((event) => JSON.stringify(event)).join(',\n    ');
    separator = ',\n    ';
  }
  yield '\n  ]\n}\n';
}

/** POST `confirm=yes`. */
export async function deleteAccount(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts, sitePaths.data);
  if (!person) return;
  if (!isOurs(parts, person, form)) return showData(ctx, parts, person, 'form_expired');
  const { user } = person;
  const { clock } = parts.authentication;
  if (!parts.policy.accountDeletion) return showData(ctx, parts, person, 'deletion_off');
  if (form.confirm !== 'yes') return showData(ctx, parts, person, 'not_confirmed');
  try {
    await changeAs(ctx, parts, person, (tx) => deleteOwnAccount(tx, user));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'access.last_administrator') throw error;
    return showData(ctx, parts, person, 'last_administrator');
  }
  const days = parts.policy.deletedUserRetentionDays;
  const restorableUntil = new Date(clock.now().getTime() + days * 86_400_000);
  answerPage(ctx, <AccountDeletedPage restorableUntil={days > 0 ? dateFor(ctx, user, restorableUntil) : undefined} />);
}

function showData(ctx: Context, parts: AccountParts, person: FreshPerson, problem?: DataPageProps['problem']): void {
  answerPage(
    ctx,
    <DataPage
      person={addressee(ctx, person.user)}
      exportForm={formTo(parts, person, sitePaths.exportData)}
      deletion={
        parts.policy.accountDeletion
          ? {
              form: formTo(parts, person, sitePaths.deleteAccount),
              restorableDays: parts.policy.deletedUserRetentionDays,
            }
          : undefined
      }
      problem={problem}
    />,
    problem === undefined ? 200 : 422,
  );
}
