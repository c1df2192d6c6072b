import { invalid } from '../../kernel/errors.ts';
import { pointerTo } from '../../kernel/input.ts';
import { onConstraint } from '../../persistence/unit-of-work.ts';
import { ENTERPRISE } from './enterprise-input.ts';

/** For `.catch()`: the foreign key decides whether a manager is there. */
export const onManagerUnknown = onConstraint('users_manager_id_fkey', () =>
  invalid('users.manager_unknown', {
    detail: 'there is no person with this id to be the manager',
    faults: [
      { pointer: pointerTo([ENTERPRISE, 'manager', 'value']), code: 'unknown', detail: 'there is no such person' },
    ],
  }),
);
