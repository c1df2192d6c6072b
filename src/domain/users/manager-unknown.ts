import { invalid } from '../../kernel/errors.ts';
import { pointerTo } from '../../kernel/input.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import type { UserInput } from './user-input.ts';

/** For `.catch()`: the foreign key decides whether a manager is there. */
export const onManagerUnknown = onConstraint('users_manager_id_fkey', () => managerUnknown());

/** Foreign keys are not subject to policies: whoever acts for an organization names only people they see. */
export async function assertManagerSeen(tx: Tx, { [ENTERPRISE]: enterprise }: Pick<UserInput, typeof ENTERPRISE>) {
  const manager = enterprise?.manager?.value;
  if (tx.actor.organizationId === undefined || manager === undefined) return;
  if ((await tx.query('SELECT FROM users WHERE id = $1', [manager])).length === 0) throw managerUnknown();
}

const managerUnknown = () =>
  invalid('users.manager_unknown', {
    detail: 'there is no person with this id to be the manager',
    faults: [
      { pointer: pointerTo([ENTERPRISE, 'manager', 'value']), code: 'unknown', detail: 'there is no such person' },
    ],
  });
