import type pg from 'pg';
import { type Actor, operatorActor } from '../../kernel/actor.ts';
import { DomainError } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { advisoryLocks, withAdvisoryLock } from '../../persistence/advisory-lock.ts';
import type { Reader, Transact, Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import type { CheckWithProvider } from '../lifecycle/admit-client.ts';
import { type CurrentState, MANAGED_BY, readCurrentState } from './current-state.ts';
import type { DeclaredUser } from './declaration-schema.ts';
import { DeclarationRefused } from './declaration-text.ts';
import { assertPasswordRules } from './password-faults.ts';
import { type Plan, planDeclaration } from './plan-declaration.ts';
import { type PlannedStep, show, type Work } from './plan-step.ts';
import { type DeclarationFile, readDeclarationFile } from './read-declaration-file.ts';
import { unknownReferences } from './unknown-references.ts';

export type ApplyParts = {
  readonly pool: pg.Pool;
  readonly read: Reader;
  readonly transact: Transact;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly keeper: ClientSecretKeeper;
  readonly checkWithProvider?: CheckWithProvider | undefined;
};

export type ApplyOptions = {
  /** Everything is done and then taken back, so that the plan is one the database accepts. */
  readonly dryRun?: boolean;
  /** Removes what files have made and this one does not name. */
  readonly prune?: boolean;
  /** Brings back people, roles and memberships that somebody else has ended. */
  readonly reactivate?: boolean;
  readonly actor?: Actor;
};

export type AppliedSummary = {
  readonly path: string;
  readonly dryRun: boolean;
  readonly steps: readonly PlannedStep[];
  readonly notes: readonly string[];
  readonly leftovers: readonly string[];
};

/**
 * Brings the database to what a file declares, in one transaction; processes that apply at once take turns.
 * Throws {@link DeclarationRefused} with every fault of the file, and what the rooms' commands throw; then nothing has changed.
 */
export async function applyDeclarationFile(
  parts: ApplyParts,
  path: string,
  options: ApplyOptions = {},
): Promise<AppliedSummary> {
  const file = await readDeclarationFile(path);
  return withAdvisoryLock(parts.pool, advisoryLocks.migrate, () => applyLocked(parts, file, options));
}

/** Somebody deleted a person between the plan and its execution: hashing their password takes one more turn. */
const TURNS = 3;

async function applyLocked(parts: ApplyParts, file: DeclarationFile, options: ApplyOptions): Promise<AppliedSummary> {
  const hashes = new Map<string, string>();
  for (let turn = 1; ; turn += 1) {
    const { plan } = await planNow(parts.read, parts, file, options, new Date());
    if (plan.steps.length === 0 && plan.newItems.length === 0 && plan.oldItems.length === 0)
      return summary(file, plan, options);
    await assertPasswordRules(parts.read, file, plan.created);
    await hashPasswords(options.dryRun ? placeholder : parts.hashPassword, plan.created, hashes);
    try {
      const done = await parts.transact(options.actor ?? operatorActor('apply'), async (tx) => {
        const { plan: current, state } = await planNow(tx, parts, file, options, tx.now);
        await run(tx, parts, current, state, { hashes, file, options });
        if (options.dryRun) throw new TakenBack(summary(file, current, options));
        return current;
      });
      return summary(file, done, options);
    } catch (error) {
      if (error instanceof TakenBack) return error.summary;
      if (!(error instanceof PasswordMissing) || turn >= TURNS) throw error;
    }
  }
}

/** Ends a dry run's transaction. */
class TakenBack extends Error {
  readonly summary: AppliedSummary;

  constructor(summary: AppliedSummary) {
    super('a dry run changes nothing');
    this.summary = summary;
  }
}

class PasswordMissing extends Error {}

const placeholder = async (): Promise<string> => '(dry run)';

async function planNow(
  read: Reader,
  { keeper }: ApplyParts,
  { path, declaration, place }: DeclarationFile,
  { prune = false, reactivate = false }: ApplyOptions,
  now: Date,
): Promise<{ readonly plan: Plan; readonly state: CurrentState }> {
  const state = await readCurrentState(read, declaration);
  const faults = unknownReferences(declaration, state);
  if (faults.length > 0) throw new DeclarationRefused(path, faults.map(place));
  return { plan: planDeclaration(declaration, state, { prune, reactivate, keeper, now }), state };
}

/** Few at a time: the hashing queue of a server belongs to those who sign in. */
const HASHED_AT_ONCE = 4;

async function hashPasswords(
  hash: (password: string) => Promise<string>,
  people: readonly DeclaredUser[],
  hashes: Map<string, string>,
): Promise<void> {
  const waiting = people.filter(({ input }) => !hashes.has(comparisonKey(input.userName)));
  const one = async (): Promise<void> => {
    for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
      if (entry.password !== undefined) hashes.set(comparisonKey(entry.input.userName), await hash(entry.password));
    }
  };
  await Promise.all(Array.from({ length: HASHED_AT_ONCE }, one));
}

type Prepared = {
  readonly hashes: ReadonlyMap<string, string>;
  readonly file: DeclarationFile;
  readonly options: ApplyOptions;
};

async function run(tx: Tx, parts: ApplyParts, plan: Plan, state: CurrentState, prepared: Prepared): Promise<void> {
  const { hashes } = prepared;
  if (plan.created.some(({ input, password }) => password !== undefined && !hashes.has(comparisonKey(input.userName))))
    throw new PasswordMissing();
  const work: Work = {
    known: {
      organizationIds: new Map([...state.organizations].map(([key, { id }]) => [key, id])),
      roleIds: new Map([...state.roles].map(([name, { id }]) => [name, id])),
      groupIds: new Map([...state.groups].map(([key, { id }]) => [key, id])),
      userIds: new Map([...state.users].map(([key, { id }]) => [key, id])),
    },
    made: { users: [], groups: [] },
    keeper: parts.keeper,
    checkWithProvider: parts.checkWithProvider,
    passwordHashes: hashes,
  };
  // The lock over administrators comes before any row's, as everywhere.
  await withAdministratorKept(tx, async () => {
    for (const step of plan.steps) await step.run(tx, work).catch(named(step));
  });
  await markMade(tx, work);
  await rememberItems(tx, plan);
  tx.record({
    type: 'declarations.applied',
    details: {
      steps: counts(plan.steps),
      reactivate: prepared.options.reactivate ?? false,
      prune: prepared.options.prune ?? false,
    },
  });
}

/** Says which entry a command refused. */
const named =
  ({ action, noun, name }: PlannedStep) =>
  (error: unknown): never => {
    if (!(error instanceof DomainError)) throw error;
    const reasons = error.faults.map(({ pointer = '', detail }) => `${pointer} ${detail}`.trim());
    const detail = `${action} ${noun} ${name}: ${reasons.length > 0 ? reasons.join('; ') : error.message}`;
    throw new DomainError(error.kind, error.code, { detail, faults: error.faults, cause: error });
  };

async function markMade(tx: Tx, { made }: Work): Promise<void> {
  if (made.users.length > 0)
    await tx.query('UPDATE users SET managed_by = $2 WHERE id = ANY ($1::uuid[])', [made.users, MANAGED_BY]);
  if (made.groups.length > 0)
    await tx.query('UPDATE groups SET managed_by = $2 WHERE id = ANY ($1::uuid[])', [made.groups, MANAGED_BY]);
}

async function rememberItems(tx: Tx, { newItems, oldItems }: Plan): Promise<void> {
  if (oldItems.length > 0)
    await tx.query(
      `DELETE FROM declared_items WHERE concat_ws(E'\\n', kind, subject, object) = ANY ($1::text[]) AND subject = ANY ($2::text[])`,
      [oldItems, oldItems.map((key) => key.split('\n')[1])],
    );
  if (newItems.length > 0)
    await tx.query(
      `INSERT INTO declared_items (kind, subject, object, created_at)
       SELECT kind, subject, object, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS made (kind, subject, object)
       ON CONFLICT DO NOTHING`,
      [
        newItems.map(({ kind }) => kind),
        newItems.map(({ subject }) => subject),
        newItems.map(({ object }) => object),
        tx.now,
      ],
    );
}

function counts(steps: readonly PlannedStep[]): Readonly<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const { action } of steps) counted[action] = (counted[action] ?? 0) + 1;
  return counted;
}

const summary = (
  { path }: DeclarationFile,
  { steps, notes, leftovers }: Plan,
  { dryRun = false }: ApplyOptions,
): AppliedSummary => ({
  path,
  dryRun,
  steps: steps.map(show),
  notes,
  leftovers,
});
