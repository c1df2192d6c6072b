import type { Context } from 'koa';
import { OfferedCodesPage, PasskeyOfferPage, type PasskeyOfferProblem } from '../../../views/login/passkey-offer.tsx';
import { ACCOUNT_CLIENT_ID } from '../../domain/clients/account-client.ts';
import { creationOptions } from '../../domain/credentials/passkey-options.ts';
import type { PasskeySettings } from '../../domain/credentials/passkey-settings.ts';
import { verifyRegistration } from '../../domain/credentials/verify-passkey.ts';
import { addOfferedPasskey, mayBeOfferedPasskey, type SignInJustMade } from '../../domain/lifecycle/offer-passkey.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { addressee, personSummary } from '../http/person-summary.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import type { InteractionParts, Step } from './parts.ts';
import { isBrowser } from './same-browser.tsx';

type Form = Readonly<Record<string, string>>;
type Offer = { readonly signIn: SignInJustMade; readonly user: User; readonly settings: PasskeySettings };

/**
 * Whether somebody who has signed in by password is offered a passkey before they go on: where their browser said that it can make
 * one here, where they have none, and have not said "not now" in it. Never to whoever is only asked for more, nor on the way to the
 * account pages, which have it.
 */
export async function isPasskeyOffered(step: Step, signIn: SignInJustMade, form: Form): Promise<boolean> {
  const { ctx, parts, pending } = step;
  const { passkeys, read } = parts.authentication;
  if (!passkeys || form.passkeys !== 'yes' || pending.accountId !== undefined) return false;
  if (pending.clientId === ACCOUNT_CLIENT_ID || hasDeclined(ctx, parts, signIn.userId)) return false;
  return mayBeOfferedPasskey(read, signIn);
}

export const offerPath = ({ pending }: Step): string => `/interaction/${pending.uid}/passkey-offer`;

/** The sign-in of this interaction, in the browser that made it, while it may be offered one; the answer is made when it may not. */
async function findOffer(step: Step): Promise<Offer | undefined> {
  const { ctx, parts, pending } = step;
  const { read, passkeys: settings } = parts.authentication;
  const { signedIn } = pending;
  if (!signedIn || !isBrowser(ctx, parts, signedIn.browser)) {
    seeOther(ctx, `/interaction/${pending.uid}`);
    return undefined;
  }
  const signIn = { userId: signedIn.accountId, signedInAt: signedIn.signedInAt, amr: signedIn.amr };
  const user = settings && (await mayBeOfferedPasskey(read, signIn)) && (await findUser(read, signIn.userId));
  if (settings && user) return { signIn, user, settings };
  seeOther(ctx, await parts.interactions.returnTo(ctx));
  return undefined;
}

export async function showPasskeyOffer(step: Step): Promise<void> {
  const offer = await findOffer(step);
  if (offer) answerOffer(step, offer);
}

/** POST `later=yes`, or `passkey`: what the browser made, as JSON. Either way the sign-in goes on. */
export async function passkeyOffer(step: Step, form: Form): Promise<void> {
  const { ctx, parts, pending } = step;
  const offer = await findOffer(step);
  if (!offer) return;
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return answerOffer(step, offer, 'form_expired');
  const goOn = await parts.interactions.returnTo(ctx);
  if (form.later === 'yes') {
    rememberDeclined(ctx, parts, offer.signIn.userId);
    return seeOther(ctx, goOn);
  }
  const added = await add(step, offer, form.passkey ?? '');
  if (typeof added === 'string') return added === 'ended' ? seeOther(ctx, goOn) : answerOffer(step, offer, added);
  if (!added.recoveryCodes) return seeOther(ctx, goOn);
  addressee(ctx, offer.user);
  answerPage(ctx, <OfferedCodesPage codes={added.recoveryCodes} goOnUrl={goOn} />);
}

const scopeOf = ({ pending }: Step, { signIn }: Offer) => ({ userId: signIn.userId, within: pending.uid });

async function add(step: Step, offer: Offer, answer: string) {
  const { ctx, parts, pending } = step;
  const { transact, secondFactors, clock } = parts.authentication;
  const { signIn, settings } = offer;
  const actor = { ...visitorOf(ctx, pending.clientId), type: 'user' as const, id: signIn.userId };
  const verdict = await verifyRegistration(settings, { answer, scope: scopeOf(step, offer), now: clock.now() });
  if (verdict.kind === 'refused') {
    const { reason } = verdict;
    const target = { type: 'user', id: signIn.userId };
    await transact(actor, async (tx) => tx.record({ type: 'passkeys.refused', outcome: 'refused', reason, target }));
    return reason === 'authenticator_not_allowed' || reason === 'not_attested' ? 'not_allowed' : 'not_accepted';
  }
  const { challenge, passkey } = verdict;
  try {
    return (
      (await transact(actor, (tx) => addOfferedPasskey(tx, secondFactors, { signIn, challenge, passkey }))) ??
      'form_expired'
    );
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    return 'not_accepted';
  }
}

function answerOffer(step: Step, offer: Offer, problem?: PasskeyOfferProblem): void {
  const { ctx, parts, pending } = step;
  const { user, settings } = offer;
  const form = { action: offerPath(step), csrfToken: csrfTokenOf(parts.csrfKey, pending) };
  const { displayName, userName } = personSummary(user);
  const owner = { userId: user.id, userName, displayName, credentialIds: [] };
  const options = creationOptions(settings, scopeOf(step, offer), owner, parts.authentication.clock.now());
  answerPage(
    ctx,
    <PasskeyOfferPage person={addressee(ctx, user)} prompt={{ form, options }} later={form} problem={problem} />,
    problem === undefined ? 200 : 422,
  );
}

/** Who said "not now" in this browser; by hashes, so that the cookie tells nobody who was here. */
const DECLINED = 'doorward_passkey_later';
const DECLINED_MS = 180 * 24 * 60 * 60 * 1000;
const PEOPLE_OF_A_BROWSER = 8;

const markOf = ({ csrfKey }: InteractionParts, userId: string): string =>
  keyedHash(csrfKey, `passkey later\n${userId}`).toString('base64url').slice(0, 16);

const marksIn = (ctx: Context): readonly string[] =>
  (ctx.cookies.get(DECLINED, { signed: false }) ?? '').split('.').slice(0, PEOPLE_OF_A_BROWSER);

const hasDeclined = (ctx: Context, parts: InteractionParts, userId: string): boolean =>
  marksIn(ctx).includes(markOf(parts, userId));

function rememberDeclined(ctx: Context, parts: InteractionParts, userId: string): void {
  const mark = markOf(parts, userId);
  const marks = [mark, ...marksIn(ctx).filter((one) => one !== '' && one !== mark)].slice(0, PEOPLE_OF_A_BROWSER);
  ctx.cookies.set(DECLINED, marks.join('.'), {
    httpOnly: true,
    sameSite: 'lax',
    secure: parts.issuer.startsWith('https:'),
    path: '/interaction',
    maxAge: DECLINED_MS,
    signed: false,
    overwrite: true,
  });
}
