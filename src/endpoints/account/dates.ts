import type { User } from '../../domain/users/user.ts';

type Person = Pick<User, 'timezone'>;

/** In the person's own time zone where it is known. */
export const dateFor = ({ timezone = 'UTC' }: Person, moment: Date): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: timezone }).format(moment);

export const momentFor = ({ timezone = 'UTC' }: Person, moment: Date): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone }).format(moment);
