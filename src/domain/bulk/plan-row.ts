import type { Fault } from '../../kernel/errors.ts';
import { newId, type UserId } from '../../kernel/ids.ts';
import { faultsOf, pointerTo } from '../../kernel/input.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Newcomer } from '../users/create-users.ts';
import { customFaults } from '../users/custom-attributes.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { type StandingPatch, splitStanding } from '../users/standing-input.ts';
import type { Revision } from '../users/update-users.ts';
import { attributesOf, keptAttributes, type User } from '../users/user.ts';
import { userInput, userPatch } from '../users/user-input.ts';
import { type BatchFacts, managerNamed } from './batch-facts.ts';
import type { Beside, SplitRow } from './person-row.ts';
import { faultAt, type RowFault, type SourceRow } from './source-row.ts';

export type PlannedRow = { readonly row: SourceRow; readonly userId: string; readonly beside: Beside } & (
  | { readonly newcomer: Newcomer; readonly revision?: undefined }
  | { readonly newcomer?: undefined; readonly revision: Revision; readonly standing: StandingPatch }
);

export type RowPlan = { readonly planned: PlannedRow } | { readonly faults: readonly RowFault[] };

export const MANAGER_UNKNOWN = 'users.manager_unknown';
export const MANAGER_POINTER = pointerTo([ENTERPRISE, 'manager', 'userName']);

type Planning = {
  readonly tx: Pick<Tx, 'actor' | 'now'>;
  readonly facts: BatchFacts;
  readonly coming: ReadonlyMap<string, string>;
};

/** What a row does to the people who are there, or why it is refused. `coming` are the ids of those whom the batch creates. */
export function planRow(row: SourceRow, split: SplitRow, planning: Planning): RowPlan {
  if (split.faults.length > 0) return refused(split.faults);
  const { facts, coming } = planning;
  const match = matchOf(split.attributes, facts);
  if ('fault' in match) return refused([faultAt(row, match.fault)]);
  const manager = managerFor(split.attributes, { facts, coming });
  const unknown = unknownNames(split.beside, facts).map((fault) => faultAt(row, fault));
  const checked = match.user
    ? revise(row, manager.attributes, match.user, planning)
    : create(row, manager.attributes, planning);
  const faults = [...('faults' in checked ? checked.faults : []), ...unknown];
  if (faults.length > 0) return refused(faults);
  if (manager.fault) return refused([faultAt(row, manager.fault)]);
  if ('faults' in checked) return refused(checked.faults);
  return { planned: { row, beside: split.beside, ...checked } };
}

const refused = (faults: readonly RowFault[]): RowPlan => ({ faults });

/** The externalId says who is meant; without one, the userName. */
function matchOf(
  { userName, externalId }: Readonly<Record<string, unknown>>,
  { byUserName, byExternalId, reserved }: BatchFacts,
): { readonly user: User | undefined } | { readonly fault: Fault } {
  const key = typeof userName === 'string' ? comparisonKey(userName) : undefined;
  const named = key === undefined ? undefined : byUserName.get(key);
  const known = typeof externalId === 'string' ? (byExternalId.get(externalId) ?? []) : [];
  if (known.length > 1) return faulty('/externalId', 'imports.ambiguous', 'several people have this externalId');
  const [byId] = known;
  if (byId && named && byId.id !== named.id)
    return faulty('/userName', 'users.user_name_taken', 'another user has this userName');
  // A name that was given to somebody new must not hand them what its former bearer has.
  if (!byId && named?.externalId !== undefined && typeof externalId === 'string')
    return faulty('/externalId', 'imports.external_id_differs', 'the user with this userName has another externalId');
  const user = byId ?? named;
  if (key !== undefined && reserved.has(key) && (user === undefined || comparisonKey(user.userName) !== key))
    return faulty(
      '/userName',
      'users.user_name_reserved',
      'a deleted user has this userName; restore or erase them first',
    );
  return { user };
}

const faulty = (pointer: string, code: string, detail: string) => ({ fault: { pointer, code, detail } });

function unknownNames({ groups = [], roles = [] }: Beside, facts: BatchFacts): readonly Fault[] {
  const missing = (kind: string, names: readonly string[], isKnown: (name: string) => boolean) =>
    names.flatMap((name, index): Fault[] =>
      isKnown(name)
        ? []
        : [{ pointer: `/${kind}s/${index}`, code: `imports.${kind}_unknown`, detail: `there is no such ${kind}` }],
    );
  return [
    ...missing('group', groups, (name) => facts.groups.has(comparisonKey(name))),
    ...missing('role', roles, (name) => facts.roles.has(name)),
  ];
}

/** A manager named by userName as one named by id. */
function managerFor(
  attributes: Readonly<Record<string, unknown>>,
  { facts, coming }: Pick<Planning, 'facts' | 'coming'>,
) {
  const name = managerNamed(attributes);
  if (name === undefined) return { attributes, fault: undefined };
  const key = comparisonKey(name);
  const id = facts.managers.get(key) ?? coming.get(key);
  const { manager: _, ...enterprise } = Object(attributes[ENTERPRISE]);
  if (id === undefined)
    return {
      attributes: { ...attributes, [ENTERPRISE]: enterprise },
      fault: {
        pointer: MANAGER_POINTER,
        code: MANAGER_UNKNOWN,
        detail: 'there is no person with this userName to be the manager',
      },
    };
  return { attributes: { ...attributes, [ENTERPRISE]: { ...enterprise, manager: { value: id } } }, fault: undefined };
}

function create(row: SourceRow, attributes: object, { tx, facts, coming }: Planning) {
  const parsed = userInput.safeParse(attributes);
  if (!parsed.success)
    return { faults: parsed.error.issues.flatMap((issue) => faultsOf(issue)).map((fault) => faultAt(row, fault)) };
  const { faults, used } = customFaults(tx, facts.definitions, {
    before: {},
    after: parsed.data[CUSTOM] ?? {},
    by: 'admin',
  });
  if (faults.length > 0) return { faults: faults.map((fault) => faultAt(row, fault)) };
  const id = (coming.get(comparisonKey(parsed.data.userName)) ?? newId(tx.now.getTime())) as UserId;
  return { userId: id, newcomer: { id, input: parsed.data, definitions: used } };
}

function revise(row: SourceRow, attributes: object, before: User, { tx, facts }: Planning) {
  const patch = userPatch.safeParse(attributes);
  if (!patch.success)
    return { faults: patch.error.issues.flatMap((issue) => faultsOf(issue)).map((fault) => faultAt(row, fault)) };
  const { standing, rest } = splitStanding(patch.data);
  const was = attributesOf(before);
  const merged = userInput.safeParse(mergePatch(was, withProofKept(rest, before)));
  if (!merged.success)
    return { faults: merged.error.issues.flatMap((issue) => faultsOf(issue)).map((fault) => faultAt(row, fault)) };
  const after = keptAttributes(merged.data);
  const change = { before: was[CUSTOM] ?? {}, after: after[CUSTOM] ?? {}, by: 'admin' } as const;
  const { faults, used } = customFaults(tx, facts.definitions, change);
  if (faults.length > 0) return { faults: faults.map((fault) => faultAt(row, fault)) };
  return { userId: before.id, revision: { before, attributes: after, definitions: used }, standing };
}

type AttributeRest = ReturnType<typeof splitStanding<ReturnType<typeof userPatch.parse>>>['rest'];

/** An address that somebody proved stays proved when a file names it without a word about that. */
function withProofKept(patch: AttributeRest, before: User): AttributeRest {
  if (!patch.emails) return patch;
  const verified = new Set(before.emails.filter((email) => email.verified).map(({ value }) => comparisonKey(value)));
  return {
    ...patch,
    emails: patch.emails.map((email) => ({
      ...email,
      verified: email.verified ?? verified.has(comparisonKey(email.value)),
    })),
  };
}
