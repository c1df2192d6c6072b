import type { Actor } from '../../kernel/actor.ts';
import type { Transact, Tx } from '../../persistence/unit-of-work.ts';
import { type EffectiveAccess, evaluateAccess } from '../access/effective-access.ts';
import { loadUserAccess } from '../access/load-access.ts';
import { getUser } from '../users/find-user.ts';
import { amendUser, type UserAmendment } from './amend-user.ts';

export type AccessDifference = {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly { readonly resource: string; readonly values: readonly string[] }[];
};

export type AccessPreview = { readonly gains: AccessDifference; readonly losses: AccessDifference };

class Previewed extends Error {
  readonly preview: AccessPreview;

  constructor(preview: AccessPreview) {
    super('a preview is over');
    this.preview = preview;
  }
}

/**
 * What a change of a person would give and take, found by doing it and rolling it back: it cannot differ from the change itself. Throws
 * what `amendUser` throws.
 */
export async function previewAccess(
  transact: Transact,
  actor: Actor,
  amendment: UserAmendment,
): Promise<AccessPreview> {
  try {
    return await transact(actor, async (tx) => {
      const user = await getUser(tx, amendment.id);
      const before = await accessNow(tx, user.id);
      await amendUser(tx, amendment);
      const after = await accessNow(tx, user.id);
      throw new Previewed({ gains: beyond(after, before), losses: beyond(before, after) });
    });
  } catch (error) {
    if (error instanceof Previewed) return error.preview;
    throw error;
  }
}

const accessNow = async (tx: Tx, userId: string): Promise<EffectiveAccess> =>
  evaluateAccess(await loadUserAccess(tx, userId), tx.now.getTime()).access;

/** What the one has and the other has not. */
function beyond(one: EffectiveAccess, other: EffectiveAccess): AccessDifference {
  const without = (names: readonly string[], less: readonly string[]) => names.filter((name) => !less.includes(name));
  return {
    groups: without(one.groups, other.groups),
    roles: without(one.roles, other.roles),
    permissions: [...one.permissions].flatMap(([resource, values]) => {
      const more = [...values].filter((value) => !other.permissions.get(resource)?.has(value)).sort();
      return more.length === 0 ? [] : [{ resource, values: more }];
    }),
  };
}
