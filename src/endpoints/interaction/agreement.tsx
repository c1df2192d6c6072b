import type { ProfileField } from '../../../views/account/profile.tsx';
import { AgreementPage, type AgreementProblem } from '../../../views/login/agreement.tsx';
import { SELF_EDITABLE } from '../../config/schema.ts';
import { editOwnProfile } from '../../domain/lifecycle/edit-own-profile.ts';
import { acceptDocuments } from '../../domain/policy/outstanding.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { type Editable, editableFields, patchIn } from '../http/profile-fields.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import { showEnded } from './ended.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';
import { clientSummary } from './summaries.ts';

type Form = Readonly<Record<string, string>>;

/** What a sign-in policy asks of somebody before they go on: to accept documents, and to say something of themselves. */
export async function showAgreement(step: Step, state: State = {}): Promise<void> {
  const user = await personOf(step);
  if (!user) return showEnded(step.ctx, step.parts, step.pending.uid);
  answerAgreement(step, user, await fieldsOf(step, user), state);
}

/** POST `terms.N=accepted` for each document, and the fields. What is accepted is what the page showed. */
export async function agree(step: Step, form: Form): Promise<void> {
  const { ctx, parts, pending } = step;
  const user = await personOf(step);
  if (!user) return showEnded(ctx, parts, pending.uid);
  const editable = await fieldsOf(step, user);
  if (!hasCsrfToken(parts.csrfKey, pending, form))
    return answerAgreement(step, user, editable, { problem: 'form_expired', form });
  const terms = pending.agreement?.terms ?? [];
  const isAccepted = terms.every((_, index) => form[`terms.${index}`] === 'accepted');
  if (!isAccepted) return answerAgreement(step, user, editable, { problem: 'terms_missing', form });
  const empty = editable.filter(({ field }) => (form[field.id] ?? '').trim() === '').map(({ field }) => field.id);
  if (empty.length > 0) return answerAgreement(step, user, editable, { problem: 'invalid', form, wrong: empty });
  try {
    await keep(step, { user, editable, form });
  } catch (error) {
    return answerAgreement(step, user, editable, { ...refusalOf(error, editable), form });
  }
  seeOther(ctx, await parts.interactions.finishAgreement(ctx));
}

const personOf = async ({ parts, pending: { accountId } }: Step): Promise<User | undefined> =>
  accountId === undefined ? undefined : findUser(parts.authentication.read, accountId);

/** The parts of a name are fields of their own, and one attribute. */
async function fieldsOf({ parts, pending }: Step, user: User): Promise<readonly Editable[]> {
  const asked = new Set(pending.agreement?.attributes);
  if (asked.size === 0) return [];
  const sources = { read: parts.authentication.read, profileAttributes: SELF_EDITABLE };
  return (await editableFields(sources, user)).filter(({ field }) => asked.has(field.id));
}

type Kept = { readonly user: User; readonly editable: readonly Editable[]; readonly form: Form };

async function keep({ ctx, parts, pending }: Step, { user, editable, form }: Kept): Promise<void> {
  const actor = { ...visitorOf(ctx, pending.clientId), type: 'user' as const, id: user.id };
  const terms = pending.agreement?.terms ?? [];
  const patch = patchIn(editable, form);
  await parts.authentication.transact(actor, async (tx) => {
    await acceptDocuments(tx, { userId: user.id, terms });
    if (Object.keys(patch).length === 0) return;
    const asked = ['name', ...editable.map(({ field }) => field.id)];
    await editOwnProfile(tx, { userId: user.id, expectedVersion: user.version, patch, editable: asked });
  });
}

function refusalOf(error: unknown, editable: readonly Editable[]): Pick<State, 'problem' | 'wrong'> {
  if (!(error instanceof DomainError)) throw error;
  if (error.kind === 'precondition') return { problem: 'form_expired' };
  if (error.kind !== 'invalid' && error.kind !== 'conflict' && error.kind !== 'forbidden') throw error;
  const isAt = (pointer: string, one: Editable): boolean =>
    pointer === one.pointer || pointer.startsWith(`${one.pointer}/`);
  const wrong = editable.filter((one) => error.faults.some(({ pointer = '' }) => isAt(pointer, one)));
  // Where no field is at fault the person cannot mend it: they are told so.
  return wrong.length === 0
    ? { problem: 'not_allowed' }
    : { problem: 'invalid', wrong: wrong.map(({ field }) => field.id) };
}

type State = {
  readonly problem?: AgreementProblem | undefined;
  readonly form?: Form;
  /** Fields that are empty or cannot be so. */
  readonly wrong?: readonly string[] | undefined;
};

function answerAgreement(
  step: Step,
  user: User,
  editable: readonly Editable[],
  { problem, form = {}, wrong = [] }: State,
): void {
  const { ctx, parts, pending } = step;
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  const terms = (pending.agreement?.terms ?? []).map(({ title, version, url }, index) => ({
    ...{ title, version, url, name: `terms.${index}`, isAccepted: form[`terms.${index}`] === 'accepted' },
  }));
  const fields = editable.map(({ field }): ProfileField => {
    const typed = { ...field, value: form[field.id] ?? field.value };
    return wrong.includes(field.id) ? { ...typed, problem: 'invalid' } : typed;
  });
  answerPage(
    ctx,
    <AgreementPage
      form={{ action: `${path}/agreement`, csrfToken }}
      client={clientSummary(pending)}
      person={addressee(ctx, user)}
      terms={terms}
      fields={fields}
      problem={problem}
      cancel={{ action: `${path}/cancel`, csrfToken }}
      switchAccount={{ action: `${path}/switch`, csrfToken }}
    />,
    problem === undefined ? 200 : 422,
  );
}
