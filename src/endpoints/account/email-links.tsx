import type { Context } from 'koa';
import {
  ConfirmEmailChangePage,
  EmailChangeConfirmedPage,
  EmailChangeUndonePage,
  UndoEmailChangePage,
} from '../../../views/account/email-links.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { sitePaths } from '../../../views/site.ts';
import { confirmEmailChange, undoEmailChange } from '../../domain/lifecycle/change-own-email.ts';
import { type EmailChange, findOpenEmailChange, findUndoableEmailChange } from '../../domain/users/email-changes.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { answerPage, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import type { AccountParts } from './parts.ts';

const tokenOf = ({ query }: Context): string => (typeof query.token === 'string' ? query.token : '');

/** GET and HEAD, in any browser: says what would change, and uses nothing up. */
export async function showConfirmEmailChange(ctx: Context, parts: AccountParts): Promise<void> {
  const { read, clock } = parts.authentication;
  await show(ctx, parts, await findOpenEmailChange(read, { token: tokenOf(ctx), now: clock.now() }), 'confirm');
}

/** POST `token`: one side says yes. */
export async function confirmEmailByLink(ctx: Context, { authentication }: AccountParts): Promise<void> {
  const { token = '' } = await readFormBody(ctx.req);
  const outcome = await authentication.transact(visitorOf(ctx), (tx) => confirmEmailChange(tx, token));
  if (outcome.kind === 'refused') return showLinkExpired(ctx, sitePaths.email);
  const { newAddress } = outcome.change;
  answerPage(ctx, <EmailChangeConfirmedPage isDone={outcome.kind === 'done'} newAddress={newAddress} />);
}

/** GET and HEAD: as above, for the old mailbox after the change. */
export async function showUndoEmailChange(ctx: Context, parts: AccountParts): Promise<void> {
  const { read, clock } = parts.authentication;
  await show(ctx, parts, await findUndoableEmailChange(read, { token: tokenOf(ctx), now: clock.now() }), 'undo');
}

/** POST `token`: the old address is back, and nobody is signed in any more. */
export async function undoEmailByLink(ctx: Context, { authentication }: AccountParts): Promise<void> {
  const { token = '' } = await readFormBody(ctx.req);
  const change = await authentication.transact(visitorOf(ctx), (tx) => undoEmailChange(tx, token));
  if (!change) return showLinkExpired(ctx);
  answerPage(ctx, <EmailChangeUndonePage formerAddress={change.formerAddress ?? ''} />);
}

async function show(
  ctx: Context,
  { authentication: { read } }: AccountParts,
  change: EmailChange | undefined,
  what: 'confirm' | 'undo',
): Promise<void> {
  const user = change && (await findUser(read, change.userId));
  if (!user) return showLinkExpired(ctx, what === 'confirm' ? sitePaths.email : undefined);
  const { formerAddress, newAddress } = change;
  const action = what === 'confirm' ? sitePaths.confirmEmailChange : sitePaths.undoEmailChange;
  const form = { action, fields: [{ name: 'token', value: tokenOf(ctx) }] };
  const shown = { person: addressee(ctx, user), form, newAddress };
  answerPage(
    ctx,
    what === 'confirm' ? (
      <ConfirmEmailChangePage {...shown} formerAddress={formerAddress ?? undefined} />
    ) : (
      <UndoEmailChangePage {...shown} formerAddress={formerAddress ?? ''} />
    ),
  );
}

function showLinkExpired(ctx: Context, newLinkUrl?: string): void {
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} newLinkUrl={newLinkUrl} />, 410);
}
