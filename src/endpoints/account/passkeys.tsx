import type { Context } from 'koa';
import { PasskeysPage, type PasskeysProblem } from '../../../views/account/passkeys.tsx';
import { RecoveryCodesPage } from '../../../views/account/recovery-codes.tsx';
import { sitePaths } from '../../../views/site.ts';
import { creationOptions, userHandle } from '../../domain/credentials/passkey-options.ts';
import type { PasskeySettings } from '../../domain/credentials/passkey-settings.ts';
import { listPasskeys, type Passkey } from '../../domain/credentials/passkeys.ts';
import { verifyRegistration } from '../../domain/credentials/verify-passkey.ts';
import {
  type AddedPasskey,
  addPasskey,
  nameOwnPasskey,
  removePasskey,
} from '../../domain/lifecycle/change-passkeys.ts';
import type { User } from '../../domain/users/user.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { addressee, personSummary } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { dateFor } from './dates.ts';
import { type FreshPerson, freshPerson } from './fresh-sign-in.ts';
import { accountCsrfToken } from './home.tsx';
import type { AccountParts, Form } from './parts.ts';
import { actorOf, changeAs, isOurs } from './signed-in.ts';

type Visit = { readonly person: FreshPerson; readonly settings: PasskeySettings };

/** `/account/passkeys`: with what the person signs in without a password. */
export async function passkeys(ctx: Context, parts: AccountParts): Promise<void> {
  const visit = await visitOf(ctx, parts);
  if (visit) await showPasskeys(ctx, parts, visit);
}

/** POST `passkey`: what the browser made, as JSON. */
export async function addOwnPasskey(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const visit = await visitOf(ctx, parts);
  if (!visit) return;
  const { user } = visit.person;
  const added = isOurs(parts, visit.person, form) ? await add(ctx, parts, visit, form) : 'form_expired';
  if (typeof added === 'string') return showPasskeys(ctx, parts, visit, added);
  const codes = added.recoveryCodes;
  if (codes) return answerPage(ctx, <RecoveryCodesPage person={addressee(ctx, user)} codes={codes} setUp="passkey" />);
  seeOther(ctx, `${sitePaths.passkeys}?changed=added`);
}

/** POST `id`, `name`. */
export async function renameOwnPasskey(ctx: Context, parts: AccountParts): Promise<void> {
  await change(ctx, parts, async (person, { id = '', name = '' }) => {
    const isNamed = await changeAs(ctx, parts, person, (tx) =>
      nameOwnPasskey(tx, { userId: person.user.id, id, name }),
    );
    return isNamed ? 'renamed' : 'name_missing';
  });
}

/** POST `id`. */
export async function removeOwnPasskey(ctx: Context, parts: AccountParts): Promise<void> {
  await change(ctx, parts, async (person, { id = '' }) => {
    await changeAs(ctx, parts, person, (tx) => removePasskey(tx, { userId: person.user.id, id }));
    return 'removed';
  });
}

async function change(
  ctx: Context,
  parts: AccountParts,
  work: (person: FreshPerson, form: Form) => Promise<'renamed' | 'removed' | 'name_missing'>,
): Promise<void> {
  const form = await readFormBody(ctx.req);
  const visit = await visitOf(ctx, parts);
  if (!visit) return;
  if (!isOurs(parts, visit.person, form)) return showPasskeys(ctx, parts, visit, 'form_expired');
  // One that was removed in another tab: the list shows how things are.
  const outcome = await work(visit.person, form).catch(orGone);
  if (outcome === 'name_missing') return showPasskeys(ctx, parts, visit, outcome);
  seeOther(ctx, `${sitePaths.passkeys}?changed=${outcome}`);
}

function orGone(error: unknown): 'removed' {
  if (error instanceof DomainError && error.kind === 'not_found') return 'removed';
  throw error;
}

/** Undefined when the answer was made: somebody signs in first, or there are no passkeys here. */
async function visitOf(ctx: Context, parts: AccountParts): Promise<Visit | undefined> {
  const { passkeys: settings } = parts.authentication;
  if (settings) {
    const person = await freshPerson(ctx, parts, sitePaths.passkeys);
    return person && { person, settings };
  }
  seeOther(ctx, sitePaths.secondFactors);
  return undefined;
}

const scopeOf = ({ user, session }: FreshPerson) => ({ userId: user.id, within: session.uid });

async function add(
  ctx: Context,
  parts: AccountParts,
  { person, settings }: Visit,
  { passkey: answer = '' }: Form,
): Promise<AddedPasskey | PasskeysProblem> {
  const { transact, secondFactors, clock } = parts.authentication;
  const verdict = await verifyRegistration(settings, { answer, scope: scopeOf(person), now: clock.now() });
  if (verdict.kind === 'refused') {
    const { reason } = verdict;
    const target = { type: 'user', id: person.user.id };
    await transact(actorOf(ctx, person.user), async (tx) =>
      tx.record({ type: 'passkeys.refused', outcome: 'refused', reason, target }),
    );
    if (reason === 'wrong_challenge') return 'form_expired';
    return reason === 'authenticator_not_allowed' || reason === 'not_attested' ? 'not_allowed' : 'not_accepted';
  }
  const { challenge, passkey } = verdict;
  try {
    const added = await changeAs(ctx, parts, person, (tx) =>
      addPasskey(tx, secondFactors, { userId: person.user.id, challenge, passkey }),
    );
    return added ?? 'form_expired';
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    return error.code === 'credentials.too_many_passkeys' ? 'too_many' : 'not_accepted';
  }
}

async function showPasskeys(
  ctx: Context,
  { authentication: { read, clock }, csrfKey }: AccountParts,
  { person, settings }: Visit,
  problem?: PasskeysProblem,
): Promise<void> {
  const { user, session } = person;
  const known = await listPasskeys(read, user.id);
  const csrfToken = accountCsrfToken(csrfKey, session);
  const credentialIds = known.map(({ credentialId }) => credentialId);
  const { displayName, userName } = personSummary(user);
  const owner = { userId: user.id, userName, displayName, credentialIds };
  answerPage(
    ctx,
    <PasskeysPage
      person={addressee(ctx, user)}
      passkeys={known.map((passkey) => shown(ctx, user, passkey))}
      rename={{ action: sitePaths.renamePasskey, csrfToken }}
      remove={{ action: sitePaths.removePasskey, csrfToken }}
      prompt={{
        form: { action: sitePaths.passkeys, csrfToken },
        options: creationOptions(settings, scopeOf(person), owner, clock.now()),
        signals: signalsFor(settings.rpId, owner),
      }}
      problem={problem}
      notice={problem === undefined ? noticeOf(ctx) : undefined}
    />,
    problem === undefined ? 200 : 422,
  );
}

/** WebAuthn §5.1.10: authenticators forget passkeys that were removed here, and call the person as we do. */
function signalsFor(
  rpId: string,
  owner: { userId: string; userName: string; displayName: string; credentialIds: readonly string[] },
) {
  const userId = userHandle(owner.userId).toString('base64url');
  return [
    {
      method: 'signalAllAcceptedCredentials',
      options: { rpId, userId, allAcceptedCredentialIds: owner.credentialIds },
    },
    {
      method: 'signalCurrentUserDetails',
      options: { rpId, userId, name: owner.userName, displayName: owner.displayName },
    },
  ] as const;
}

const shown = (ctx: Context, user: User, { id, name, isBackedUp, createdAt, lastUsedAt }: Passkey) => ({
  id,
  name,
  isBackedUp,
  createdAt: dateFor(ctx, user, createdAt),
  lastUsedAt: lastUsedAt && dateFor(ctx, user, lastUsedAt),
});

const notices = ['added', 'renamed', 'removed'] as const;
const noticeOf = ({ query }: Context) => notices.find((notice) => notice === query.changed);
