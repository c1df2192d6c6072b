import type { Catalogue } from '../../../views/messages/catalogue.ts';
import { languages } from '../../../views/messages/languages.ts';
import type { User } from '../../domain/users/user.ts';

/** To the minute, in the person's own time zone where it is known. */
export function momentInWords(
  { language }: Catalogue,
  { timezone = 'UTC' }: Pick<User, 'timezone'>,
  moment: Date,
): string {
  return new Intl.DateTimeFormat(languages[language].tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
    timeZoneName: 'short',
  }).format(moment);
}
