import { groupBy } from '../../kernel/group-by.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { addMembers } from '../lifecycle/manage-members.ts';
import { type CurrentState, type Item, type ItemKind, itemOf, userSubject } from './current-state.ts';
import type { DeclaredUser } from './declaration-schema.ts';
import { idOf, type Step, type Work } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

type Joining = {
  readonly userName: string;
  readonly organization: string;
  readonly managed: boolean;
  readonly isReactivation: boolean;
};

export type MembersPlan = {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly items: readonly Item[];
};

/** People are put into the organizations a file names, and never taken out by it; who was sent away since does not come back. */
export function planOrganizationMembers(
  users: readonly DeclaredUser[],
  state: CurrentState,
  { reactivate, present }: { readonly reactivate: boolean; readonly present: ReadonlySet<string> },
): MembersPlan {
  const has = new Map(
    state.organizationMemberships.map((one) => [`${one.userKey}\n${one.organizationKey}`, one.isManaged]),
  );
  const joinings: Joining[] = [];
  const notes: string[] = [];
  const items: Item[] = [];
  for (const { input, organizations } of users) {
    const { userName } = input;
    const subject = userSubject(userName);
    if (!present.has(subject)) continue;
    for (const { organization, managed } of organizations) {
      const key = comparisonKey(organization);
      const isManaged = has.get(`${comparisonKey(userName)}\n${key}`);
      const wasMade = (kind: ItemKind) => state.items.has(itemOf({ kind, subject, object: key }));
      items.push({ kind: 'organization_membership', subject, object: key });
      if (managed) items.push({ kind: 'organization_home', subject, object: key });
      const isWanted = isManaged === undefined || (managed && !isManaged);
      if (!isWanted) continue;
      const hasEnded = wasMade(isManaged === undefined ? 'organization_membership' : 'organization_home');
      if (hasEnded && !reactivate)
        notes.push(`${userName} was taken out of ${organization} since, and is not put back (--reactivate does)`);
      else joinings.push({ userName, organization, managed, isReactivation: hasEnded });
    }
  }
  const together = groupBy(joinings, ({ organization, managed }) => `${comparisonKey(organization)}\n${managed}`);
  return { steps: [...together.values()].map(addition), notes, items };
}

function addition(joinings: readonly Joining[]): Step {
  const [{ organization, managed } = { organization: '', managed: false }] = joinings;
  return {
    action: joinings.some(({ isReactivation }) => isReactivation) ? 'reactivate' : 'create',
    noun: 'organization membership',
    name: `${joinings.map(({ userName }) => userName).join(', ')} in ${organization}${managed ? ', managed by it' : ''}`,
    run: (tx, work) => join(tx, work, joinings),
  };
}

async function join(tx: Tx, { known }: Work, joinings: readonly Joining[]): Promise<void> {
  const people = joinings.map((one) => ({ ...one, value: idOf(known.userIds, comparisonKey(one.userName)) }));
  const organizationId = idOf(known.organizationIds, comparisonKey(joinings[0]?.organization ?? ''));
  await addMembers(tx, { organizationId, members: people.map(({ value, managed }) => ({ value, managed })) });
  for (const { value, isReactivation } of people)
    if (isReactivation) reactivated(tx, { type: 'user', id: value }, 'organization membership');
}
