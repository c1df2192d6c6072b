import type { en } from '../en/all.ts';
import type { Translation } from '../message-types.ts';
import { account } from './account.ts';
import { branding } from './branding.ts';
import { developers } from './developers.ts';
import { emailSignIn } from './email-sign-in.ts';
import { gettingIn } from './getting-in.ts';
import { mail } from './mail.ts';
import { organizations } from './organizations.ts';
import { passkeys } from './passkeys.ts';
import { policy } from './policy.ts';
import { safety } from './safety.ts';
import { signIn } from './sign-in.ts';
import { site } from './site.ts';

export const de: Translation<typeof en> = {
  ...signIn,
  ...branding,
  ...developers,
  ...emailSignIn,
  ...gettingIn,
  ...mail,
  ...account,
  ...organizations,
  ...passkeys,
  ...policy,
  ...safety,
  ...site,
};
