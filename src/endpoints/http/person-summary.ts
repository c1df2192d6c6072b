import type { Context } from 'koa';
import type { PersonSummary } from '../../../views/site.ts';
import { primaryEmail, type User } from '../../domain/users/user.ts';
import { wishBrand, wishLanguage } from './present-pages.ts';

/** How pages call someone: as the `name` claim does (DESIGN §8 "Tokens"), else by their user name. */
export function personSummary(user: User): PersonSummary {
  const { formatted, givenName, familyName } = user.name ?? {};
  const full = [givenName, familyName].filter(Boolean).join(' ');
  return {
    displayName: user.displayName || formatted || full || user.userName,
    userName: user.userName,
    email: primaryEmail(user)?.value,
  };
}

/** The person that a page speaks to: it is in their language, unless they chose another in this browser. */
export function addressee(ctx: Context, user: User): PersonSummary {
  wishLanguage(ctx, { person: user });
  wishBrand(ctx, { organizationId: user.homeOrganizationId });
  const { looksAfterGroups } = ctx.state;
  return { ...personSummary(user), ...(looksAfterGroups === true ? { looksAfterGroups } : {}) };
}
