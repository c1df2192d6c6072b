import type { GroupId, OrganizationId, RoleId, UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import type { CheckWithProvider } from '../lifecycle/admit-client.ts';

export type Changes = Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;

/** One thing that applying would do, in words a plan can show; secrets are never in it. */
export type PlannedStep = {
  readonly action: 'create' | 'update' | 'delete' | 'reactivate';
  readonly noun: string;
  readonly name: string;
  readonly changed?: Changes;
};

/** What is known about things by the names a file has for them; steps that create something add to it. */
export type Known = {
  readonly organizationIds: Map<string, OrganizationId>;
  readonly roleIds: Map<string, RoleId>;
  readonly groupIds: Map<string, GroupId>;
  readonly userIds: Map<string, UserId>;
};

export type Work = {
  readonly known: Known;
  readonly keeper: ClientSecretKeeper;
  readonly checkWithProvider: CheckWithProvider | undefined;
  /** What steps have made and is yet to be marked as a file's. */
  readonly made: { readonly users: string[]; readonly groups: string[] };
  /** Hashes of the passwords of people to be created, by the key of their user name; made before the transaction. */
  readonly passwordHashes: ReadonlyMap<string, string>;
};

export type Step = PlannedStep & { readonly run: (tx: Tx, work: Work) => Promise<unknown> };

export const show = ({ action, noun, name, changed }: PlannedStep): PlannedStep => ({
  action,
  noun,
  name,
  ...(changed === undefined ? {} : { changed }),
});

/** What a whole new thing has, as changes from nothing. */
export const additions = (input: object): Changes =>
  Object.fromEntries(
    Object.entries(input)
      .filter(([, to]) => to !== undefined && !(Array.isArray(to) && to.length === 0))
      .map(([name, to]) => [name, { to }]),
  );

/** For steps on something that an earlier step of the same plan made. */
export function idOf<Id>(ids: ReadonlyMap<string, Id>, key: string): Id {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`nothing was made for ${key}`);
  return id;
}
