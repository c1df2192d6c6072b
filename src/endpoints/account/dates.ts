import type { Context } from 'koa';
import { languages } from '../../../views/messages/languages.ts';
import type { User } from '../../domain/users/user.ts';
import { languageOf } from '../http/present-pages.ts';

type Person = Pick<User, 'timezone'>;

const inWords = (ctx: Context, { timezone = 'UTC' }: Person, moment: Date, style: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(languages[languageOf(ctx)].tag, { ...style, timeZone: timezone }).format(moment);

/** In the language of the page and in the person's own time zone where it is known. */
export const dateFor = (ctx: Context, person: Person, moment: Date): string =>
  inWords(ctx, person, moment, { dateStyle: 'long' });

export const momentFor = (ctx: Context, person: Person, moment: Date): string =>
  inWords(ctx, person, moment, { dateStyle: 'medium', timeStyle: 'short' });
