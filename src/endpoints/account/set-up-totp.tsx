import type { Context } from 'koa';
import { RecoveryCodesPage } from '../../../views/account/recovery-codes.tsx';
import { SetUpTotpPage, type SetUpTotpPageProps } from '../../../views/account/set-up-totp.tsx';
import { sitePaths } from '../../../views/site.ts';
import { base32, newTotpSeed, totpUri } from '../../domain/credentials/totp.ts';
import { openOffer, sealOffer } from '../../domain/credentials/totp-credential.ts';
import { type AddedTotp, addTotp } from '../../domain/lifecycle/change-second-factors.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { type FreshPerson, freshPerson } from './fresh-sign-in.ts';
import { accountCsrfToken } from './home.tsx';
import type { AccountParts, Form } from './parts.ts';
import { changeAs, isOurs } from './signed-in.ts';

/** GET: offers a fresh seed, which is kept nowhere but in the page. */
export async function offerTotp(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await freshPerson(ctx, parts);
  if (!person) return;
  if (person.factors.totp) return seeOther(ctx, sitePaths.secondFactors);
  showOffer(ctx, parts, person, { seed: newTotpSeed() });
}

/** POST `code`, `offer`. */
export async function setUpTotp(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts);
  if (!person) return;
  if (person.factors.totp) return seeOther(ctx, sitePaths.secondFactors);
  const seed = isOurs(parts, person, form) ? seedIn(parts, person, form) : undefined;
  if (!seed) return showOffer(ctx, parts, person, { seed: newTotpSeed(), problem: 'form_expired' });
  const code = form.code ?? '';
  if (code.trim() === '') return showOffer(ctx, parts, person, { seed, problem: 'code_missing' });
  const added = await add(ctx, parts, person, { seed, code });
  if (!added) return seeOther(ctx, sitePaths.secondFactors);
  if (added.kind === 'wrong_code') return showOffer(ctx, parts, person, { seed, problem: 'wrong_code' });
  const codes = added.recoveryCodes;
  if (codes.length === 0) return seeOther(ctx, sitePaths.secondFactors);
  answerPage(ctx, <RecoveryCodesPage person={addressee(ctx, person.user)} codes={codes} setUp="totp" />);
}

function seedIn({ authentication }: AccountParts, { user, session }: FreshPerson, form: Form): Buffer | undefined {
  const now = authentication.clock.now();
  const offer = form.offer ?? '';
  return openOffer(authentication.secondFactors, { offer, userId: user.id, sessionUid: session.uid, now });
}

/** Undefined when another tab was faster: there is an app already. */
async function add(
  ctx: Context,
  parts: AccountParts,
  person: FreshPerson,
  input: { seed: Uint8Array; code: string },
): Promise<AddedTotp | undefined> {
  try {
    const { secondFactors } = parts.authentication;
    return await changeAs(ctx, parts, person, (tx) => addTotp(tx, secondFactors, { userId: person.user.id, ...input }));
  } catch (error) {
    if (error instanceof DomainError && error.code === 'credentials.totp_exists') return undefined;
    throw error;
  }
}

function showOffer(
  ctx: Context,
  { authentication, csrfKey, issuer }: AccountParts,
  { user, session }: FreshPerson,
  { seed, problem }: { seed: Uint8Array; problem?: SetUpTotpPageProps['problem'] },
): void {
  const now = authentication.clock.now();
  const offer = sealOffer(authentication.secondFactors, { seed, userId: user.id, sessionUid: session.uid, now });
  answerPage(
    ctx,
    <SetUpTotpPage
      person={addressee(ctx, user)}
      form={{
        action: sitePaths.setUpTotp,
        csrfToken: accountCsrfToken(csrfKey, session),
        fields: [{ name: 'offer', value: offer }],
      }}
      uri={totpUri(seed, { issuer, userName: user.userName })}
      manualKey={base32(seed).replace(/(.{4})(?=.)/g, '$1 ')}
      problem={problem}
    />,
    problem ? 422 : 200,
  );
}
