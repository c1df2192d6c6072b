import { conflict } from '../../kernel/errors.ts';
import { onConstraint } from '../../persistence/unit-of-work.ts';

/** For `.catch()`: the unique constraint decides who gets a user name. */
export const onUserNameTaken = onConstraint('users_user_name_key', () =>
  conflict('users.user_name_taken', {
    detail: 'another user has this userName',
    faults: [{ pointer: '/userName', code: 'taken', detail: 'another user has this userName' }],
  }),
);
