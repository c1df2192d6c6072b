import type { Context } from 'koa';
import { OwnGroupPage, type OwnGroupPageProps, OwnGroupsPage } from '../../../views/account/own-groups.tsx';
import { sitePaths } from '../../../views/site.ts';
import type { Group } from '../../domain/groups/group.ts';
import { searchGroupMembers } from '../../domain/groups/group-members.ts';
import { findOwnGroup, findOwnGroups } from '../../domain/groups/group-owners.ts';
import { addToOwnGroup, removeFromOwnGroup } from '../../domain/lifecycle/look-after-group.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { freshPerson } from './fresh-sign-in.ts';
import type { AccountParts, Form } from './parts.ts';
import { changeAs, formTo, isOurs, type SignedInPerson, signedInPerson } from './signed-in.ts';

const PAGE = 100;
const LONGEST_NAME = 320;

const pathOf = (groupId: string, more: Readonly<Record<string, string>> = {}): string =>
  `${sitePaths.ownGroups}?${new URLSearchParams({ group: groupId, ...more })}`;

/** `/account/groups`: the groups somebody looks after, or with `group` who is in one of them. */
export async function ownGroups(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.ownGroups);
  if (!person) return;
  const { group: groupId } = ctx.query;
  const group = typeof groupId === 'string' ? await findOwn(parts, person, groupId) : undefined;
  if (group) return showGroup(ctx, parts, person, { group });
  const groups = await findOwnGroups(parts.authentication.read, person.user.id);
  answerPage(
    ctx,
    <OwnGroupsPage
      person={addressee(ctx, person.user)}
      groups={groups.map(({ id, displayName, members }) => ({ displayName, members, url: pathOf(id) }))}
    />,
  );
}

const findOwn = (
  { authentication: { read } }: AccountParts,
  { user }: SignedInPerson,
  groupId: string,
): Promise<Group | undefined> => findOwnGroup(read, { userId: user.id, groupId });

/** POST `group`, `name`; or `member`, who was taken out just now. */
export const addToGroupHere = (ctx: Context, parts: AccountParts): Promise<void> =>
  change(ctx, parts, async (person, group, { name = '', member }) => {
    const shown = { group, name: name.slice(0, LONGEST_NAME) };
    if (member === undefined && name.trim() === '')
      return showGroup(ctx, parts, person, { ...shown, problem: 'name_missing' });
    const who = member === undefined ? { name: name.trim() } : { memberId: member };
    const { throttle } = parts.authentication;
    const reservation = await throttle.reserve([{ scope: 'ownGroup', value: person.user.id }]);
    if (reservation.kind === 'throttled') {
      ctx.set('Retry-After', String(reservation.retryAfterSeconds));
      return showGroup(ctx, parts, person, { ...shown, problem: 'throttled' });
    }
    const problem = await changeAs(ctx, parts, person, (tx) =>
      addToOwnGroup(tx, { userId: person.user.id, groupId: group.id, who }),
    ).catch(problemOf);
    if (problem) return showGroup(ctx, parts, person, { ...shown, problem });
    throttle.refundSoon(reservation.keys);
    seeOther(ctx, pathOf(group.id, { changed: 'added' }));
  });

/** POST `group`, `member`. */
export const removeFromGroupHere = (ctx: Context, parts: AccountParts): Promise<void> =>
  change(ctx, parts, async (person, group, { member = '' }) => {
    const problem = await changeAs(ctx, parts, person, (tx) =>
      removeFromOwnGroup(tx, { userId: person.user.id, groupId: group.id, memberId: member }),
    ).catch(problemOf);
    if (problem) return showGroup(ctx, parts, person, { group, problem });
    seeOther(ctx, pathOf(group.id, { changed: 'removed', member }));
  });

async function change(
  ctx: Context,
  parts: AccountParts,
  work: (person: SignedInPerson, group: Group, form: Form) => Promise<void>,
): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts, sitePaths.ownGroups);
  if (!person) return;
  const group = await findOwn(parts, person, form.group ?? '');
  // Somebody else looks after it now, or it is gone: the list shows how things are.
  if (!group) return seeOther(ctx, sitePaths.ownGroups);
  if (!isOurs(parts, person, form)) return showGroup(ctx, parts, person, { group, problem: 'form_expired' });
  await work(person, group, form);
}

const PROBLEMS: Readonly<Record<string, OwnGroupPageProps['problem']>> = {
  'groups.member_unknown': 'unknown',
  'access.exceeds_own_permissions': 'too_much',
  'access.last_administrator': 'last_administrator',
  'groups.not_found': 'gone',
};

function problemOf(error: unknown): OwnGroupPageProps['problem'] {
  const problem = error instanceof DomainError ? PROBLEMS[error.code] : undefined;
  if (problem === undefined) throw error;
  return problem;
}

type GroupState = Pick<OwnGroupPageProps, 'problem' | 'name'> & { readonly group: Group };

async function showGroup(
  ctx: Context,
  parts: AccountParts,
  person: SignedInPerson,
  { group, problem, name }: GroupState,
): Promise<void> {
  const { read } = parts.authentication;
  const { changed, member } = ctx.query;
  const cursor = typeof ctx.query.cursor === 'string' ? ctx.query.cursor : undefined;
  const page = await searchGroupMembers(read, { groupId: group.id, cursor, limit: PAGE });
  const withGroup = (action: string) => ({
    ...formTo(parts, person, action),
    fields: [{ name: 'group', value: group.id }],
  });
  answerPage(
    ctx,
    <OwnGroupPage
      person={addressee(ctx, person.user)}
      displayName={group.displayName}
      members={page.items.map(({ value, display, type }) => ({ id: value, display, isPerson: type === 'User' }))}
      moreUrl={page.nextCursor === undefined ? undefined : pathOf(group.id, { cursor: page.nextCursor })}
      add={withGroup(sitePaths.addToOwnGroup)}
      remove={withGroup(sitePaths.removeFromOwnGroup)}
      name={name}
      problem={problem}
      notice={changed === 'added' || changed === 'removed' ? changed : undefined}
      removed={changed === 'removed' && typeof member === 'string' ? member : undefined}
    />,
    problem === undefined ? 200 : problem === 'throttled' ? 429 : 422,
  );
}
