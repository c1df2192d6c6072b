import { forbidden } from '../../kernel/errors.ts';
import { pointerTo } from '../../kernel/input.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';

type Claimed = { readonly value: string; readonly verified?: boolean | undefined };
type Reachable = { readonly emails?: readonly Claimed[] | null; readonly phoneNumbers?: readonly Claimed[] | null };

/**
 * A proved address opens sign-in, invitations and accounts elsewhere. Whoever acts for an organization cannot say of just any that it
 * is proved; what was proved before stays so. Throws `forbidden('organizations.may_not_vouch')`.
 */
export function assertMayVouch(tx: Tx, before: Reachable, after: Reachable): void {
  if (tx.actor.organizationId === undefined) return;
  for (const name of ['emails', 'phoneNumbers'] as const) {
    const proved = new Set(provedOf(before[name]));
    const index = (after[name] ?? []).findIndex(({ value, verified }) => verified && !proved.has(comparisonKey(value)));
    if (index >= 0) throw mayNotVouch(pointerTo([name, index, 'verified']));
  }
}

const provedOf = (list: readonly Claimed[] | null | undefined): readonly string[] =>
  (list ?? []).filter(({ verified }) => verified).map(({ value }) => comparisonKey(value));

function mayNotVouch(pointer: string) {
  const detail = 'only the person can prove that this is theirs, by opening a link';
  return forbidden('organizations.may_not_vouch', { detail, faults: [{ pointer, code: 'may_not_vouch', detail }] });
}
