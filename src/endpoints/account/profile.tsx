import type { Context } from 'koa';
import { type ProfileField, ProfilePage, type ProfilePageProps } from '../../../views/account/profile.tsx';
import { sitePaths } from '../../../views/site.ts';
import { editOwnProfile } from '../../domain/lifecycle/edit-own-profile.ts';
import { findLinkedIdentities } from '../../domain/lifecycle/linked-identities.ts';
import { listUserAttributes } from '../../domain/user-attributes/user-attribute.ts';
import { readableCustom } from '../../domain/users/custom-attributes.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import { ENTERPRISE } from '../../domain/users/enterprise-input.ts';
import { getUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { personSummary } from '../http/person-summary.ts';
import { type Editable, editableFields, patchIn } from '../http/profile-fields.ts';
import { dateFor } from './dates.ts';
import type { AccountParts, Form } from './parts.ts';
import { actorOf, formTo, postedForm, type SignedInPerson, signedInPerson } from './signed-in.ts';

/** `/account/profile`: what is known of me, and what of it is mine to change. */
export async function profile(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.profile);
  if (person) await showProfile(ctx, parts, person);
}

/** POST the fields, and `version`: the one they were filled in from. */
export async function saveProfile(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.profile);
  if (!posted) return;
  const { person, form, isOurs } = posted;
  if (!isOurs) return showProfile(ctx, parts, person, { problem: 'form_expired', typed: form });
  const editable = await editableFields(sourcesOf(parts), person.user);
  const refusal = await save(ctx, parts, { person, form, editable });
  if (!refusal) return seeOther(ctx, `${sitePaths.profile}?saved=yes`);
  const user = await getUser(parts.authentication.read, person.user.id);
  await showProfile(ctx, parts, { ...person, user }, { ...refusal, typed: form });
}

const sourcesOf = ({ authentication: { read }, policy: { profileAttributes } }: AccountParts) => ({
  read,
  profileAttributes,
});

type Refusal = {
  readonly problem: NonNullable<ProfilePageProps['problem']>;
  readonly faults?: ReadonlyMap<string, NonNullable<ProfileField['problem']>>;
};
type Save = { readonly person: SignedInPerson; readonly form: Form; readonly editable: readonly Editable[] };

async function save(
  ctx: Context,
  { authentication: { transact }, policy }: AccountParts,
  { person: { user }, form, editable }: Save,
): Promise<Refusal | undefined> {
  const expectedVersion = Number(form.version);
  // The form says nothing of what changed since it was shown: what it leaves as it was would be a change back.
  if (expectedVersion !== user.version) return { problem: 'changed_meanwhile' };
  const patch = patchIn(editable, form);
  try {
    await transact(actorOf(ctx, user), (tx) =>
      editOwnProfile(tx, { userId: user.id, expectedVersion, patch, editable: policy.profileAttributes }),
    );
    return undefined;
  } catch (error) {
    return refusalOf(error, editable);
  }
}

function refusalOf(error: unknown, editable: readonly Editable[]): Refusal {
  if (!(error instanceof DomainError)) throw error;
  if (error.kind === 'precondition') return { problem: 'changed_meanwhile' };
  if (error.kind === 'forbidden') return { problem: 'not_allowed' };
  if (error.kind !== 'invalid' && error.kind !== 'conflict') throw error;
  const problem = error.kind === 'conflict' ? 'taken' : 'invalid';
  const faults = new Map<string, 'taken' | 'invalid'>();
  for (const { pointer = '' } of error.faults) {
    const found = editable.find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
    if (found) faults.set(found.field.id, problem);
  }
  // A fault elsewhere is not the person's: what is there already would be refused today.
  return faults.size === 0 ? { problem: 'not_allowed' } : { problem: 'invalid', faults };
}

type Shown = Partial<Refusal> & { readonly typed?: Form };

async function showProfile(
  ctx: Context,
  parts: AccountParts,
  person: SignedInPerson,
  { problem, faults, typed }: Shown = {},
): Promise<void> {
  const { user } = person;
  const fields = (await editableFields(sourcesOf(parts), user)).map(({ field }) => withTyped(field, typed, faults));
  const form = formTo(parts, person, sitePaths.profile);
  answerPage(
    ctx,
    <ProfilePage
      person={personSummary(user)}
      fields={fields}
      form={{ ...form, fields: [{ name: 'version', value: String(user.version) }] }}
      facts={await factsOf(parts, user, fields)}
      linked={await linkedOf(ctx, parts, user)}
      problem={problem}
      isSaved={problem === undefined && ctx.query.saved === 'yes'}
    />,
    problem === undefined ? 200 : problem === 'changed_meanwhile' ? 412 : 422,
  );
}

/** What was typed comes back, with what is kept beside it where that is something else. */
function withTyped(field: ProfileField, typed: Form = {}, faults?: Refusal['faults']): ProfileField {
  const text = typed[field.id];
  const problem = faults?.get(field.id);
  return {
    ...field,
    ...(text === undefined || text === field.value ? {} : { value: text, kept: field.value }),
    ...(problem ? { problem } : {}),
  };
}

async function linkedOf(ctx: Context, { authentication: { read } }: AccountParts, user: User) {
  const { organization, externalId, accounts } = await findLinkedIdentities(read, user.id);
  return {
    organization: organization ?? undefined,
    externalId: externalId ?? undefined,
    accounts: accounts.map(({ since, ...account }) => ({ ...account, since: dateFor(ctx, user, since) })),
  };
}

/** What the organization says of the person. */
async function factsOf(
  { authentication: { read } }: AccountParts,
  user: User,
  fields: readonly ProfileField[],
): Promise<ProfilePageProps['facts']> {
  const { manager: _, ...enterprise } = user[ENTERPRISE] ?? {};
  const kept = { userName: user.userName, title: user.title, userType: user.userType, ...enterprise };
  const core = Object.entries({ ...kept, manager: user.managerDisplayName }).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: name as keyof typeof kept | 'manager', value }],
  );
  const definitions = await listUserAttributes(read);
  const shown = new Set(fields.map(({ id }) => id));
  const readable = readableCustom(definitions, user[CUSTOM], 'self') ?? {};
  const own = definitions.flatMap(({ name, description }) => {
    const value = readable[name];
    return value === undefined || shown.has(`custom.${name}`)
      ? []
      : [{ label: description ?? name, value: Array.isArray(value) ? value.join(', ') : String(value) }];
  });
  return [...core, ...own];
}
